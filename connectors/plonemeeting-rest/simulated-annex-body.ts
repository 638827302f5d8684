import { Readable } from 'node:stream';
import { CouncilRefusal } from '../../src/council-desk/council-refusal.js';
import type { CouncilDesk } from '../../src/council-desk/council-desk.js';
import type { AnnexDraft, AnnexFlags } from '../../src/council-desk/desk-item.js';
import { recordOf, textOf, type Body } from './simulated-body.js';

/** An annex as a body tells it. */
export interface ReadAnnex {
  readonly draft: AnnexDraft;
  readonly warnings: readonly string[];
}

/** Fields of an annex that are marks on it. */
const FLAGS: Readonly<Record<string, keyof AnnexFlags>> = { confidential: 'confidential', to_print: 'toPrint', to_sign: 'toSign', signed: 'signed', publishable: 'publishable' };

/** Reads one (contracts/plonemeeting-rest.md §6.2); short files are kept only now. Throws CouncilRefusal. */
export async function readAnnex(body: Body, relatedTo: AnnexDraft['relatedTo'], { files }: CouncilDesk): Promise<ReadAnnex> {
  const { filename, mediaType, data, encoding } = fileIn(body);
  const typeId = textOf(body['content_category']);
  const description = textOf(body['description']);
  const draft: AnnexDraft = {
    title: textOf(body['title']) ?? filename ?? '', filename: filename ?? 'annexe', ...relatedTo !== undefined && { relatedTo }, ...mediaType !== undefined && { mediaType },
    ...typeId !== undefined && { typeId }, ...description !== undefined && { description }, flags: flagsIn(body), ...await bytesOf(data, files),
  };
  return { draft, warnings: encoding === undefined ? ['The "encoding" of the file was not given, "base64" is used.'] : [] };
}

function fileIn(body: Body): { readonly filename: string | undefined; readonly mediaType: string | undefined; readonly data: unknown; readonly encoding: string | undefined } {
  const file = recordOf(body['file']);
  if (file === undefined) throw refused('The "file" parameter must be given!');
  const [filename, mediaType, encoding] = [textOf(file['filename']), textOf(file['content-type']), textOf(file['encoding'])];
  const { data } = file;
  if (data === undefined || data === null) throw refused('The "data" parameter must be given for the file!');
  if (filename === undefined && mediaType === undefined) throw refused('The "filename" or "content-type" parameter must be given for the file!');
  if (encoding !== undefined && encoding !== 'base64') throw refused(`unknown encoding: ${encoding}`);
  return { filename, mediaType, data, encoding };
}

function flagsIn(body: Body): Partial<AnnexFlags> {
  return Object.fromEntries(Object.entries(FLAGS).flatMap(([name, flag]) => (typeof body[name] === 'boolean' ? [[flag, body[name]]] : [])));
}

/** What was written away already, or a short file that stands in the body. */
async function bytesOf(data: unknown, files: CouncilDesk['files']): Promise<{ readonly sha256: string; readonly size: number }> {
  const kept = recordOf(data);
  if (typeof kept?.['keptFile'] === 'string' && typeof kept['size'] === 'number') return { sha256: kept['keptFile'], size: kept['size'] };
  if (typeof data !== 'string' || !/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(data)) throw refused('Incorrect padding');
  const bytes = Buffer.from(data, 'base64');
  return await files.keep(Readable.from(bytes.length === 0 ? [] : [bytes]));
}

function refused(message: string): CouncilRefusal {
  return new CouncilRefusal('annex-file', message);
}
