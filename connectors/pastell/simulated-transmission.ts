import { createHash } from 'node:crypto';
import { StateRefusal } from '../../src/state-desk/state-refusal.js';
import type { ActDocument, NewAct } from '../../src/state-desk/exchange.js';
import type { DocumentFile, SimulatedDocument } from './simulated-document.js';
import { codesIn, mediaTypeOf, setValue } from './simulated-form.js';
import { PastellRefusal } from './simulated-reply.js';
import { fileToSend } from './simulated-signature.js';
import type { DocumentType } from './simulated-types.js';
import { ENTITY, type PastellWorld } from './simulated-world.js';

/** What became of posting: the state that it goes into. Throws PastellRefusal where the TdT does not take it. */
export type Posted = 'send-tdt' | 'document-transmis-tdt';

/** Longest flow, bytes (contracts/pastell.md §4.4). */
const LARGEST_FLOW = 128_000_000;
const LARGEST_ACT = 157_286_400;

/** Posts an act or a PES to the TdT. Throws PastellRefusal, with the words of the TdT. */
export async function postToTdt(document: SimulatedDocument, type: DocumentType, world: PastellWorld): Promise<Posted> {
  if (world.mishaps.has('tdt-down')) throw new PastellRefusal(400, 'Erreur : le TdT ne répond pas.');
  if (world.mishaps.has('no-tdt')) throw new PastellRefusal(400, 'Aucun connecteur de type TdT n\'est associé.');
  try {
    return type.carries === 'act' ? await postAct(document, type, world) : await postFlow(document, type, world);
  } catch (error) {
    if (error instanceof StateRefusal) throw new PastellRefusal(400, `Erreur du TdT : KO ${error.message}`, { cause: error });
    throw error;
  }
}

async function postAct(document: SimulatedDocument, type: DocumentType, world: PastellWorld): Promise<Posted> {
  const { state: { prefecture }, release, mishaps } = world;
  if (prefecture.classification().date !== world.classificationDate) throw new PastellRefusal(400, 'La classification utilisée n\'est plus celle de la préfecture : mettez-la à jour.');
  const documents = actDocuments(document, type, world);
  if (release.checksSize && documents.reduce((sum, { size }) => sum + size, 0) > LARGEST_ACT) throw new PastellRefusal(400, `L'acte et ses annexes dépassent ${LARGEST_ACT} octets.`);
  const { values } = document;
  const act: NewAct = {
    authority: ENTITY.siren, number: values['numero_de_lacte'] ?? '', nature: values['acte_nature'] ?? '', matter: (values['classification'] ?? '').split(' ', 1)[0] ?? '',
    date: values['date_de_lacte'] ?? '', subject: values['objet'] ?? '', paperFollows: values['document_papier'] === '1', documents, ...(mishaps.has('rgs') && { waitsFor: 'confirmation' }),
  };
  const filed = await prefecture.file(act);
  setValue(document, 'tedetis_transaction_id', filed.id);
  return mishaps.has('rgs') ? 'document-transmis-tdt' : 'send-tdt';
}

/** The main document and the annexes, with their typologies; where older versions were given none, the first of the nature. */
function actDocuments(document: SimulatedDocument, type: DocumentType, { state: { prefecture } }: PastellWorld): readonly ActDocument[] {
  const { values, files } = document;
  const [usual] = prefecture.classification().natures.find(({ code }) => code === values['acte_nature'])?.typologies ?? [];
  const codes = [values['type_acte'] ?? '', ...codesIn(values['type_pj'] ?? '')];
  const main = fileToSend(document, type);
  return [...main === undefined ? [] : [main], ...files['autre_document_attache'] ?? []].map((file, index) => ({
    ...file, mediaType: mediaTypeOf(file.filename), postedAs: postedName(file), typology: codes[index] || usual?.code || '',
  }));
}

/** The TdT is given names of a few characters alone (contracts/pastell.md §12). */
function postedName({ filename }: DocumentFile): string {
  return filename.replace(/[^a-zA-Z0-9._ ]/g, '');
}

async function postFlow(document: SimulatedDocument, type: DocumentType, { state, release }: PastellWorld): Promise<Posted> {
  const file = fileToSend(document, type);
  if (file === undefined) throw new PastellRefusal(400, 'Il n\'y a aucun fichier PES.');
  if (release.checksSize && file.size > LARGEST_FLOW) throw new PastellRefusal(400, `Le fichier PES dépasse ${LARGEST_FLOW} octets.`);
  const hash = createHash('sha1');
  for await (const chunk of state.files.read(file.sha256) as AsyncIterable<Buffer>) hash.update(chunk);
  const flow = await state.treasury.take({ authority: ENTITY.siren, file: { ...file, mediaType: 'application/xml' }, sha1: hash.digest('hex') });
  setValue(document, 'tedetis_transaction_id', flow.id);
  return 'send-tdt';
}
