import { z } from 'zod';
import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { readApiAnswer } from './answer-text.js';
import type { Api } from './api.js';
import { fetchFile } from './download.js';
import { readJson } from './find-act.js';

/** contracts/s2low.md §3.4: the message first, then the main document, then annexes in the order in which they were posted. */
const listed = z.array(z.object({ id: z.union([z.string(), z.number()]).transform(String), posted_filename: z.string().nullish(), name: z.string().nullish(), mimetype: z.string().nullish(), size: z.union([z.string(), z.number()]).nullish() }));

/** The slip of the acknowledgement, and the act and its annexes with the stamp of the platform. `complete` is false where the platform does not give
 * all of them now. Files that are no PDF have no stamp (contracts/pes-actes-formats.md §B5). `publishedOn` is printed into the stamp. */
export async function actFiles(api: Api, transaction: string, publishedOn: string | null, context: ConnectorContext): Promise<{ readonly documents: readonly ResultDocument[]; readonly complete: boolean }> {
  const slip = await fetchFile(api, { path: '/modules/actes/actes_create_pdf.php', query: { trans_id: transaction }, kind: 'pdf' }, context);
  const list = await readList(api, transaction);
  const documents: ResultDocument[] = slip === null ? [] : [{ title: 'acknowledgement slip', filename: `bordereau-acquittement-${transaction}.pdf`, mediaType: 'application/pdf', ...slip, role: 'acknowledgement-slip' }];
  let complete = slip !== null && list !== null;
  for (const { id, posted_filename: posted, name } of (list ?? []).slice(1).filter(({ mimetype }) => mimetype === 'application/pdf')) {
    const query = { file: id, tampon: 'true', ...(publishedOn !== null && { date_affichage: publishedOn }) };
    const stamped = await fetchFile(api, { path: '/modules/actes/actes_download_file.php', query, kind: 'pdf' }, context);
    complete &&= stamped !== null;
    const filename = firstOf(posted, name, `acte-${id}.pdf`);
    if (stamped !== null) documents.push({ title: filename, filename, mediaType: 'application/pdf', ...stamped, role: 'stamped-document' });
  }
  return { documents, complete };
}

/** Whether an act over there has these documents, by their sizes in their order; what the platform does not tell, as of an act that is under way, is taken for
 * right. */
export async function hasFiles(api: Api, transaction: string, documents: readonly Pick<Annex, 'size'>[]): Promise<boolean> {
  const list = await readList(api, transaction);
  if (list === null) return true;
  const told = list.slice(1).map(({ size }) => Number(size ?? Number.NaN));
  return told.length === 0 || (told.length === documents.length && documents.every(({ size }, index) => Number.isNaN(told[index]) || told[index] === size));
}

/** Null while the platform refuses it: only its first statuses are written down. */
async function readList(api: Api, transaction: string): Promise<z.infer<typeof listed> | null> {
  const bytes = await api.read('/modules/actes/actes_transac_get_files_list.php', { transaction, api: 1 });
  return readApiAnswer(bytes) === null ? readJson(listed, bytes, api) : null;
}

function firstOf(...names: readonly (string | null | undefined)[]): string {
  return names.find((name) => name !== null && name !== undefined && name.trim() !== '') ?? 'acte.pdf';
}
