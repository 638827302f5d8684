import { StateRefusal } from '../../src/state-desk/state-refusal.js';
import type { DocumentFile, SimulatedDocument } from './simulated-document.js';
import type { DocumentType } from './simulated-types.js';
import type { PastellWorld } from './simulated-world.js';

/** Where an answer that stands is given: in the signature book, or by the State. */
export type AskedBy =
  | { readonly sign: (given: DocumentFile | undefined) => Promise<void>; readonly refuse: (reason: string) => void }
  | { readonly transaction: string; readonly world: PastellWorld };

/** Gives the answer that somebody gave beforehand, if any, to who asks now. What comes back with it: of an act, the stamped document; of a
 * PES, the acquit; of anything else, what is signed. */
export async function applyStanding(document: SimulatedDocument, asked: AskedBy, { carries }: DocumentType): Promise<void> {
  const { standing } = document;
  if (standing === null) return;
  if ('sign' in asked) {
    if (document.signature?.verdict !== null) return;
    if (standing.state === 'rejected') asked.refuse(standing.reason);
    else await asked.sign(carries === null ? standing.files[0] : undefined);
    return;
  }
  try {
    await (carries === 'act' ? answerAct(asked, standing) : answerFlow(asked, standing));
  } catch (error) {
    // it was answered before
    if (!(error instanceof StateRefusal)) throw error;
  }
}

type Standing = NonNullable<SimulatedDocument['standing']>;
type AskedByState = Extract<AskedBy, { readonly transaction: string }>;

async function answerAct({ transaction, world: { state: { prefecture, files } } }: AskedByState, standing: Standing): Promise<void> {
  if (standing.state === 'rejected') { await prefecture.answer(transaction, { verdict: 'anomaly', detail: standing.reason }); return; }
  const [stamped] = standing.files;
  await prefecture.answer(transaction, { verdict: 'accept', ...(stamped !== undefined && { stamped: await files.whole(stamped.sha256) }) });
}

async function answerFlow({ transaction, world: { state: { treasury, files } } }: AskedByState, standing: Standing): Promise<void> {
  if (treasury.find(transaction)?.acquit !== null) return;
  if (standing.state === 'rejected') { await treasury.answer(transaction, { verdict: 'reject', label: standing.reason, stage: 'refused' }); return; }
  const [acquit] = standing.files;
  await treasury.answer(transaction, { verdict: acquit === undefined ? 'accept' : { acquit: await files.whole(acquit.sha256) } });
}
