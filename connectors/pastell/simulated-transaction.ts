import { readPesAcquit, verdictOf } from '../../src/formats/pes/read-acquit.js';
import type { Exchange, FiledAct } from '../../src/state-desk/exchange.js';
import type { TreasuryFlow } from '../../src/state-desk/treasury-flow.js';
import type { DocumentFile, SimulatedDocument } from './simulated-document.js';
import { setValue } from './simulated-form.js';
import { keptFile, type PastellWorld } from './simulated-world.js';

/** Where a transaction has come to: the state that the document goes into, or null while nothing is known. */
export interface Verified {
  readonly state: string | null;
  readonly message: string;
}

const STAGES: Readonly<Record<string, string>> = { posted: 'posté', queued: 'en attente de transmission', sent: 'transmis', unanswered: 'transmis' };

/** Asks the TdT about an act, and fetches what came of it. */
export async function verifyAct(document: SimulatedDocument, world: PastellWorld): Promise<Verified> {
  const exchange = await lookUntilStill((id) => world.state.prefecture.look(id), document, world);
  if (exchange.stage === 'error') return { state: 'tdt-error', message: `Transaction en erreur sur le TdT : ${exchange.reason}` };
  if (exchange.kind !== 'act' || exchange.stage !== 'acknowledged') return { state: null, message: `La transaction a comme statut : ${STAGES[exchange.stage] ?? exchange.stage}` };
  await fetchAct(document, exchange, world);
  return { state: 'acquiter-tdt', message: 'L\'acte a été acquitté par le contrôle de légalité' };
}

async function fetchAct(document: SimulatedDocument, act: FiledAct, world: PastellWorld): Promise<void> {
  const { state: { prefecture }, release } = world;
  const { message, receivedOn } = act;
  if (message !== null) document.files['aractes'] = [{ filename: message.filename, sha256: message.sha256, size: message.size }];
  document.files['bordereau'] = [await keptFile(`${act.actId}-bordereau.pdf`, prefecture.slip(act), world)];
  document.files['acte_tamponne'] = await stampedFiles(act, [0], world);
  document.files['annexes_tamponnees'] = await stampedFiles(act, act.documents.map((_, index) => index).slice(1), world);
  setValue(document, 'date_ar', receivedOn ?? '');
  if (release.deletes) setValue(document, 'acte_unique_id', act.actId);
}

/** As far as they can be stamped. */
async function stampedFiles(act: FiledAct, which: readonly number[], world: PastellWorld): Promise<readonly DocumentFile[]> {
  const made: DocumentFile[] = [];
  for (const index of which) {
    const bytes = await world.state.prefecture.stamped(act, index).catch((error: unknown) => {
      if (error instanceof SyntaxError) return null;
      throw error;
    });
    if (bytes !== null) made.push(await keptFile(stampedName(act.documents[index]?.filename ?? 'acte.pdf'), bytes, world));
  }
  return made;
}

function stampedName(filename: string): string {
  return filename.replace(/(\.[^.]*)?$/, '-tampon$1');
}

/** Asks the TdT about a PES, and fetches its acquit. */
export async function verifyFlow(document: SimulatedDocument, world: PastellWorld): Promise<Verified> {
  const { treasury, files } = world.state;
  const flow = await lookUntilStill((id) => treasury.look(id), document, world);
  if (flow.stage === 'error') return { state: 'tdt-error', message: `Transaction en erreur sur le TdT : ${flow.reason}` };
  const state = FLOW_STATES[flow.stage];
  const acquit = state === undefined ? null : treasury.acquitOf(flow.id);
  if (state === undefined || acquit === null) return { state: null, message: `La transaction a comme statut : ${STAGES[flow.stage] ?? flow.stage}` };
  document.files['fichier_reponse'] = [{ filename: acquit.filename, sha256: acquit.sha256, size: acquit.size }];
  setValue(document, 'has_reponse', '1');
  setValue(document, 'etat_ack', verdictOf(await readPesAcquit(files.read(acquit.sha256))) === 'accepted' ? '1' : '2');
  return { state, message: 'Une réponse est disponible pour ce fichier PES' };
}

const FLOW_STATES: Readonly<Partial<Record<TreasuryFlow['stage'], string>>> = { acknowledged: 'acquiter-tdt', refused: 'refus-tdt', informed: 'info-tdt' };

/** What is told of a transaction; where the daemon does at once what it can, once nothing changes there any more by itself. */
async function lookUntilStill<Told extends Exchange | TreasuryFlow>(look: (id: string) => Promise<Told>, document: SimulatedDocument, { pace }: PastellWorld): Promise<Told> {
  const id = document.values['tedetis_transaction_id'] ?? '';
  let told = await look(id);
  if (pace !== 'at-once') return told;
  for (let before = ''; before !== told.stage;) {
    before = told.stage;
    told = await look(id);
  }
  return told;
}

/** Whether the cancellation of an act was acknowledged; its receipt is then fetched. */
export async function verifyCancellation(document: SimulatedDocument, world: PastellWorld): Promise<Verified> {
  const id = document.values['tedetis_annulation_id'] ?? '';
  const exchange = await lookUntilStill((cancellation) => world.state.prefecture.look(cancellation), { ...document, values: { tedetis_transaction_id: id } }, world);
  if (exchange.stage !== 'acknowledged' || exchange.message === null) return { state: null, message: 'L\'annulation n\'est pas encore acquittée' };
  document.files['aractes_annulation'] = [{ filename: exchange.message.filename, sha256: exchange.message.sha256, size: exchange.message.size }];
  return { state: 'annuler-tdt', message: 'La transaction a été annulée' };
}
