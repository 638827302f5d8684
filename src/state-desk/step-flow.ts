import { Readable } from 'node:stream';
import { readPes } from '../formats/pes/read-pes.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';
import { checkFlow } from './check-flow.js';
import { makeAcquit } from './make-acquit.js';
import { StateRefusal } from './state-refusal.js';
import type { FlowAnswer, FlowNames, FlowStage, TreasuryFlow } from './treasury-flow.js';

export interface FlowWorld {
  readonly files: DeskFiles;
  /** A flow with this pair of names was accepted before. */
  readonly isTaken: (names: FlowNames) => boolean;
  readonly answersItself: boolean;
}

/** An acquit is there. */
const ANSWERED: readonly FlowStage[] = ['acknowledged', 'refused', 'informed'];

/** A flow one step further; the same object where nothing happens by itself. */
export async function flowStepped(flow: TreasuryFlow, world: FlowWorld): Promise<TreasuryFlow> {
  if (flow.isStuck) return flow;
  if (flow.stage === 'posted') return checked(flow, world);
  if (flow.stage === 'queued') return { ...flow, stage: await isAnswered(flow, world) ? 'sent' : 'unanswered' };
  if (flow.stage === 'sent' && flow.acquit !== null) return { ...flow, stage: 'informed' };
  if (flow.stage === 'sent' && world.answersItself) return withAcquit(flow, { verdict: 'accept' }, world);
  return ANSWERED.includes(flow.stage) && !flow.isAcquitReadable ? { ...flow, isAcquitReadable: true } : flow;
}

/** A flow with the answer of the treasury, after the checks that it had still before it. Where these fail it is in error, and not answered. */
export async function flowAnswered(flow: TreasuryFlow, answer: FlowAnswer, world: FlowWorld): Promise<TreasuryFlow> {
  let now: TreasuryFlow = { ...flow, isStuck: false };
  while (now.stage === 'posted' || now.stage === 'queued') now = await flowStepped(now, world);
  return now.stage === 'sent' || ANSWERED.includes(now.stage) ? withAcquit(now, answer, world) : now;
}

async function checked(flow: TreasuryFlow, { files, isTaken }: FlowWorld): Promise<TreasuryFlow> {
  const { names, holdsNames, problem } = await checkFlow(flow, files, isTaken);
  return { ...flow, names, holdsNames, ...(problem === null ? { stage: 'queued' } : { stage: 'error', reason: problem }) };
}

/** The acquit of a PES_Retour gets none itself (contracts/pes-actes-formats.md §A8). */
async function isAnswered({ file }: TreasuryFlow, { files }: FlowWorld): Promise<boolean> {
  return (await readPes(files.read(file.sha256))).root !== 'PES_ACQUIT_RETOUR';
}

async function withAcquit(flow: TreasuryFlow, answer: FlowAnswer, { files }: FlowWorld): Promise<TreasuryFlow> {
  if (flow.names === null) throw new StateRefusal('not-now', `La transaction ${flow.id} n'a pas été transmise.`);
  const bytes = makeAcquit(await readPes(files.read(flow.file.sha256)), flow.names, answer);
  const acquit = { filename: `${flow.id}_ACQ.xml`, mediaType: 'application/xml', ...await files.keep(Readable.from([bytes])) };
  return { ...flow, acquit, stage: answer.timing === 'early' ? 'sent' : answer.stage ?? 'informed', isAcquitReadable: answer.timing !== 'late' };
}
