import type { PesFinding } from '../formats/pes/pes-report.js';

/** Why a file did not become an item. */
export type RefusalCode =
  /** It holds nothing. */
  | 'empty'
  /** It is larger than the deposit takes. */
  | 'too-large'
  /** The platform or the treasury would refuse it. */
  | 'pes'
  /** More than one file of one item looks like a flow: only one of them would be sent. */
  | 'several-flows'
  /** Something else came under the name that the file gives itself. */
  | 'name-taken'
  /** Something else came with the same Idempotency-Key. */
  | 'request-taken'
  /** It does not hold what its manifest announces. */
  | 'damaged'
  /** The manifest cannot be read, or contradicts itself. */
  | 'manifest'
  /** Files that the manifest names never came. */
  | 'incomplete'
  /** The file cannot be read. */
  | 'unreadable';

export interface Refusal {
  readonly code: RefusalCode;
  /** What the words of the code speak of: a name, a limit in bytes, a mistake. */
  readonly about?: string | number;
  /** The item that was taken before. */
  readonly uid?: string;
  readonly findings: readonly PesFinding[];
}

/** What became of what was deposited. `already-received`: the same bytes came before and are that item. */
export type DepositOutcome =
  | { readonly state: 'received' | 'already-received'; readonly uid: string; readonly findings: readonly PesFinding[] }
  | { readonly state: 'refused'; readonly refusal: Refusal };

export function refused(code: RefusalCode, rest: Omit<Partial<Refusal>, 'code'> = {}): { readonly state: 'refused'; readonly refusal: Refusal } {
  return { state: 'refused', refusal: { findings: [], ...rest, code } };
}
