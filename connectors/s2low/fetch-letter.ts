import type { Arrival, ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { readLetterArchive, type ArchivedFile, type LetterArchive } from '../../src/formats/actes/read-letter-archive.js';
import { FormatError } from '../../src/formats/format-error.js';
import type { AnnouncedLetter } from './announced.js';
import type { Api } from './api.js';
import type { S2lowSettings } from './config.js';
import { fetchFile } from './download.js';
import { referenceOf } from './receipt.js';

/** What the prefecture writes, by the types of the platform (contracts/s2low.md §3.5). */
const TITLES: Readonly<Record<string, { readonly fr: string; readonly en: string }>> = {
  2: { fr: 'Courrier de la préfecture', en: 'Letter of the prefecture' },
  3: { fr: 'Demande de pièces complémentaires de la préfecture', en: 'The prefecture asks for documents' },
  4: { fr: 'Lettre d\'observations de la préfecture', en: 'Letter of observations of the prefecture' },
  5: { fr: 'Déféré au tribunal administratif', en: 'Referral to the administrative court' },
};

/** A document of the prefecture: an archive of its envelope, its message and its files, which lies elsewhere on the platform (§3.5). Null where the platform
 * answers otherwise. */
export async function fetchLetter(announced: AnnouncedLetter, api: Api, { language }: S2lowSettings, context: ConnectorContext): Promise<Arrival | null> {
  const archive = await fetchFile(api, { path: '/modules/actes/actes_transac_get_document.php', query: { id: announced.id }, kind: 'archive', follows: true }, context);
  if (archive === null) return null;
  const letter = await unpack(archive.sha256, announced.id, context);
  const { message: { actId, number, letterOn, texts } } = letter;
  const act = number ?? announced.number;
  const title = TITLES[announced.type]?.[language] ?? `${language === 'fr' ? 'Document de la préfecture' : 'Document of the prefecture'} (type ${announced.type})`;
  return {
    kind: 'prefecture-letter', title: act === '' ? title : `${title} — ${act}`, description: texts.join('\n'),
    fields: {
      letter: announced.id, letterType: announced.type, number: act,
      ...(announced.act !== null && { act: announced.act }), ...(actId !== null && { actId }), ...(letterOn !== null && { letterOn }),
    },
    ...(announced.act !== null && { about: referenceOf('actes', announced.act) }),
    documents: [...letter.documents.map((file) => documentOf(file, 'letter')), ...letter.proofs.map((file) => documentOf(file, 'report'))],
  };
}

async function unpack(sha256: string, id: string, { blobs }: ConnectorContext): Promise<LetterArchive> {
  try {
    return await readLetterArchive(blobs.read(sha256), (content) => blobs.keep(content));
  } catch (error) {
    if (error instanceof FormatError) throw new OutcomeUnknown(`The archive of the document ${id} of the prefecture cannot be used. ${error.message}`, { cause: error });
    throw error;
  }
}

function documentOf(file: ArchivedFile, role: string): ResultDocument {
  return { title: file.filename, ...file, role };
}
