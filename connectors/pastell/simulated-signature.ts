import { Readable } from 'node:stream';
import { zipSync } from 'fflate';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { signDetached } from '../../src/signature-desk/sign-detached.js';
import { signPdf } from '../../src/signature-desk/sign-pdf.js';
import { signXml } from '../../src/signature-desk/sign-xml.js';
import { isTicked, type DocumentFile, type SignatureEvent, type SimulatedDocument } from './simulated-document.js';
import { setValue } from './simulated-form.js';
import { PastellRefusal } from './simulated-reply.js';
import { CIRCUIT, keptFile, titleOf, typeNamed, type PastellWorld } from './simulated-world.js';

const SIGNER = 'Claire Fontaine, maire';

/** Hands a document over to the signature book. Throws PastellRefusal for a circuit that it lacks. */
export function beginSignature(document: SimulatedDocument, { mishaps, clock, release }: PastellWorld): void {
  if (mishaps.has('parapheur-down')) throw new PastellRefusal(400, 'Erreur : le parapheur ne répond pas.');
  const subtype = document.values['iparapheur_sous_type'] ?? '';
  if (!isKnownCircuit(subtype)) throw new PastellRefusal(400, `Erreur : le sous-type «${subtype}» n'existe pas dans le parapheur.`);
  const at = clock.now();
  document.signature = { history: [{ at, who: 'Pastell', status: 'Emis', annotation: '' }, { at, who: 'Pastell', status: 'NonLu', annotation: '' }], verdict: null, signed: null };
  if (release.deletes) setValue(document, 'iparapheur_dossier_id', `${document.id}-${at}`);
}

export function isKnownCircuit(subtype: string): boolean {
  return (CIRCUIT.subtypes as readonly string[]).includes(subtype);
}

/** Somebody signs: PAdES in a PDF, XAdES in a PES, a detached signature beside anything else. `given` comes in place of what would be signed.
 * Throws PastellRefusal. */
export async function signDocument(document: SimulatedDocument, world: PastellWorld, given?: DocumentFile): Promise<void> {
  const { signature } = requiredSignature(document);
  const { signs } = typeNamed(document.type, world);
  const [main] = document.files[signs.document] ?? [];
  if (main === undefined) throw new PastellRefusal(400, 'Il n\'y a rien à signer.');
  signature.signed = given ?? await signedFile(main, world);
  signature.verdict = 'signed';
  add(document, 'Signe', 'Bon pour accord', world);
  add(document, 'Archive', 'Circuit terminé, dossier archivable', world);
}

async function signedFile(main: DocumentFile, world: PastellWorld): Promise<DocumentFile> {
  const { state: { files }, signers, clock } = world;
  const signer = await signers.of(SIGNER);
  const content = await files.whole(main.sha256);
  const at = clock.now();
  try {
    if (content.subarray(0, 5).toString('latin1') === '%PDF-') return { filename: main.filename, ...await files.keep(Readable.from([await signPdf(content, signer, { at })])) };
    if (/\.xml$/i.test(main.filename)) return await keptFile(main.filename, await signXml(content, signer, { place: content.includes('<Bordereau') ? '//Bordereau' : '.', at }), world);
  } catch (error) {
    if (error instanceof SyntaxError) throw new PastellRefusal(400, `Le document ${main.filename} ne peut pas être signé : ${error.message}`, { cause: error });
    throw error;
  }
  const detached = await signDetached(content, signer, at);
  return keptFile('signature.zip', Buffer.from(zipSync({ [`${main.filename}.p7s`]: detached })), world);
}

/** Somebody refuses it. */
export function refuseSignature(document: SimulatedDocument, reason: string, world: PastellWorld): void {
  requiredSignature(document).signature.verdict = 'refused';
  add(document, 'RejetSignataire', reason, world);
}

/** What comes back with a verdict: history, slip, and what was signed where it was. */
export async function fetchSignature(document: SimulatedDocument, world: PastellWorld): Promise<void> {
  const { signature } = requiredSignature(document);
  const type = typeNamed(document.type, world);
  const { signs: { document: source, signed, original, slip } } = type;
  document.files['iparapheur_historique'] = [await keptFile('iparapheur_historique.xml', historyFile(signature.history), world)];
  document.files[slip] = [await keptFile('bordereau_signature.pdf', slipFile(titleOf(document, type), signature.history), world)];
  if (world.release.deletes) setValue(document, 'parapheur_last_message', lastMessage(document));
  if (signature.signed === null || signature.verdict !== 'signed') return;
  const isDetached = signature.signed.filename === 'signature.zip';
  if (original !== null && !isDetached) document.files[original] = document.files[source] ?? [];
  document.files[isDetached ? 'signature' : signed] = [signature.signed];
  setValue(document, 'has_signature', '1');
  setValue(document, 'is_pades', !isDetached && type.carries === 'act' ? '1' : '');
}

/** The last line of the history, as Pastell repeats it. */
export function lastMessage({ signature }: SimulatedDocument): string {
  const last = signature?.history.at(-1);
  return last === undefined ? '' : `[${last.status}] ${last.annotation}`.trim();
}

/** The file that goes on to the State: the signed one, where it was signed within. */
export function fileToSend(document: SimulatedDocument, { signs, carries }: { readonly signs: { readonly document: string; readonly signed: string }; readonly carries: string | null }): DocumentFile | undefined {
  const [signed] = document.files[signs.signed] ?? [];
  const [given] = document.files[signs.document] ?? [];
  return signed !== undefined && (carries === 'pes' || isTicked(document, 'is_pades')) ? signed : given;
}

function requiredSignature(document: SimulatedDocument): { readonly signature: NonNullable<SimulatedDocument['signature']> } {
  const { signature } = document;
  if (signature === null || signature.verdict !== null && signature.signed === null && signature.verdict === 'signed') throw new PastellRefusal(400, `Le document ${document.id} n'est pas au parapheur.`);
  return { signature };
}

function add(document: SimulatedDocument, status: string, annotation: string, { clock }: PastellWorld): void {
  const event: SignatureEvent = { at: clock.now(), who: SIGNER, status, annotation };
  document.signature?.history.push(event);
}

/** Contracts/pastell.md §13. */
function historyFile(history: readonly SignatureEvent[]): Buffer {
  const entries = history.map(({ at, who, status, annotation }) => `  <LogDossier>\n    <timestamp>${new Date(at).toISOString()}</timestamp>\n    <nom>${escaped(who)}</nom>\n    <status>${status}</status>\n    <annotation>${escaped(annotation)}</annotation>\n  </LogDossier>\n`);
  return Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<historique>\n${entries.join('')}</historique>\n`);
}

function slipFile(title: string, history: readonly SignatureEvent[]): Buffer {
  return makePdf(['BORDEREAU DE SIGNATURE (simulation)', '', title, '', ...history.map(({ at, who, status, annotation }) => `${new Date(at).toISOString()}  ${status}  ${who}  ${annotation}`)]);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
