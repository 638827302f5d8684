import { stateOf, type SimulatedDocument } from './simulated-document.js';
import { setValue } from './simulated-form.js';
import { nextPlace } from './simulated-orientation.js';
import { PastellRefusal } from './simulated-reply.js';
import { fetchLetters } from './simulated-returns.js';
import { beginSignature, fetchSignature, lastMessage, refuseSignature, signDocument } from './simulated-signature.js';
import { applyStanding } from './simulated-standing.js';
import { verifyAct, verifyCancellation, verifyFlow, type Verified } from './simulated-transaction.js';
import { postToTdt } from './simulated-transmission.js';
import type { DocumentType } from './simulated-types.js';
import { enter, type PastellWorld } from './simulated-world.js';

export interface Run {
  readonly document: SimulatedDocument;
  readonly type: DocumentType;
  readonly world: PastellWorld;
  readonly by: 'interface' | 'daemon';
}

/** What an action answers. `isDone` is false where it did nothing, as a check that finds no answer. */
export interface RunResult {
  readonly isDone: boolean;
  readonly message: string;
}

type Runner = (run: Run) => RunResult | Promise<RunResult>;

const RUNNERS: Readonly<Record<string, Runner>> = {
  orientation: orient,
  'send-iparapheur': sendToSignature,
  'verif-iparapheur': verifySignature,
  'send-tdt': sendToTdt,
  'verif-tdt': (run) => verify(run, run.type.carries === 'act' ? verifyAct : verifyFlow),
  'annulation-tdt': cancel,
  'verif-annulation-tdt': (run) => verify(run, verifyCancellation),
  'verif-reponse-tdt': askForLetters,
  'verif-sae': (run) => moved(run, 'ar-recu-sae', 'L\'accusé de réception du SAE a été reçu'),
  'validation-sae': (run) => moved(run, 'accepter-sae', 'La transaction a été acceptée par le SAE'),
  'mailsec-relance': (run) => (run.document.standing?.state === 'done' ? moved(run, 'reception', 'Tous les destinataires ont consulté le message') : { isDone: false, message: 'Le mail n\'a pas encore été lu' }),
  supression: remove,
};

/** Does an action (contracts/pastell.md §6); most only lead into the state of their name. Throws PastellRefusal where what is behind Pastell does
 * not take it. */
export async function runAction(name: string, run: Run): Promise<RunResult> {
  return (RUNNERS[name] ?? (() => moved(run, name, DONE)))(run);
}

async function askForLetters(run: Run): Promise<RunResult> {
  if (!await fetchLetters(run.document, run.world)) return { isDone: false, message: 'Aucune réponse de la préfecture' };
  return moved(run, 'attente-reponse-prefecture', 'La préfecture a répondu');
}

function remove({ document, world }: Run): RunResult {
  world.ledger.documents.delete(document.id);
  return { isDone: true, message: 'Le document a été supprimé' };
}

const DONE = 'L\'action a été exécutée';

function moved({ document, world, type }: Run, state: string, message: string): RunResult {
  if (state === 'send-archive') setValue(document, 'sae_transfert_id', `sae-${document.id}`);
  enter(document, state, message, world);
  return { isDone: true, message: type.actions[state]?.label ?? message };
}

function orient(run: Run): RunResult {
  const place = nextPlace(run.document, run.type);
  if (place === null) throw new PastellRefusal(400, `L'orientation depuis l'état ${stateOf(run.document).action} est impossible.`);
  return moved(run, place, 'Le document est prêt pour la suite');
}

/** Versions that have a state for it go into it when the signature book does not take the document. */
function sendToSignature(run: Run): RunResult {
  const { document, world, type } = run;
  try {
    beginSignature(document, world);
  } catch (error) {
    if (error instanceof PastellRefusal && world.release.checksCircuit && type.actions['send-signature-error'] !== undefined) enter(document, 'send-signature-error', error.message, world);
    throw error;
  }
  return moved(run, 'send-iparapheur', 'Le document a été envoyé au parapheur électronique');
}

async function verifySignature(run: Run): Promise<RunResult> {
  const { document, world, type } = run;
  if (world.mishaps.has('parapheur-down')) throw new PastellRefusal(400, 'Le parapheur ne répond pas.');
  await applyStanding(document, { sign: (given) => signDocument(document, world, given), refuse: (reason) => refuseSignature(document, reason, world) }, type);
  const verdict = isLater(document) ? null : document.signature?.verdict ?? null;
  if (verdict === null) return { isDone: type.carries !== 'pes', message: lastMessage(document) };
  await fetchSignature(document, world);
  if (verdict === 'refused') return moved(run, 'rejet-iparapheur', `Le document a été rejeté dans le parapheur : ${lastMessage(document)}`);
  if (document.standing?.state === 'done' && type.carries === null) document.files['iparapheur_annexe_sortie'] = document.standing.files.slice(1);
  return moved(run, 'recu-iparapheur', 'La signature a été récupérée');
}

/** Checks after which an answer that was given beforehand is there: the State is not so quick that what asked for the transmission has it at once. */
const PATIENCE = 3;

/** Asked for by the interface, what the TdT refuses leaves the state as it is; the daemon writes it down (contracts/pastell.md §6). */
async function sendToTdt(run: Run): Promise<RunResult> {
  const { document, type, world, by } = run;
  if (by === 'interface' && document.standing !== null) document.notYet = Math.max(document.notYet, PATIENCE);
  try {
    return moved(run, await postToTdt(document, type, world), 'Le document a été envoyé au TdT');
  } catch (error) {
    if (!(error instanceof PastellRefusal)) throw error;
    if (type.carries === 'pes' && /Doublon/.test(error.message)) enter(document, 'tdt-error', error.message, world);
    else if (by === 'daemon') enter(document, 'send-tdt-erreur', error.message, world);
    throw error;
  }
}

async function verify(run: Run, ask: (document: SimulatedDocument, world: PastellWorld) => Promise<Verified>): Promise<RunResult> {
  const { document, world, type } = run;
  if (world.mishaps.has('tdt-down')) throw new PastellRefusal(400, 'Le TdT ne répond pas.');
  await applyStanding(document, { transaction: document.values['tedetis_transaction_id'] ?? '', world }, type);
  if (isLater(document)) return { isDone: type.carries === 'act', message: 'La transaction a comme statut : transmis' };
  const { state, message } = await ask(document, world);
  if (state === null || state === stateOf(document).action) return { isDone: type.carries === 'act', message };
  enter(document, state, message, world);
  return { isDone: true, message };
}

/** Somebody wanted it to take its time. */
function isLater(document: SimulatedDocument): boolean {
  document.notYet = Math.max(0, document.notYet - 1);
  return document.notYet > 0;
}

async function cancel(run: Run): Promise<RunResult> {
  const { document, world } = run;
  const { id } = await world.state.prefecture.cancel(document.values['tedetis_transaction_id'] ?? '');
  setValue(document, 'tedetis_annulation_id', id);
  return moved(run, 'annulation-tdt', 'Une demande d\'annulation a été envoyée');
}

