/** Where an act, a reply or a cancellation stands, for the operator (contracts/s2low.md §4). `waits`: a person over there has something to do.
 * Codes that are not here are polled on, and logged. */
export interface StatusMeaning {
  readonly words: string;
  readonly waits?: true;
}

export const ACT_STATUSES: ReadonlyMap<number, StatusMeaning> = new Map<number, StatusMeaning>([
  [-1, { words: 'in error' }],
  [0, { words: 'cancelled' }],
  [1, { words: 'posted: S2LOW checks it' }],
  [2, { words: 'checked: it waits to be sent to the State' }],
  [3, { words: 'sent to the State: its acknowledgement is awaited' }],
  [4, { words: 'acknowledged' }],
  [5, { words: 'acknowledged, and closed as valid' }],
  [6, { words: 'closed as refused' }],
  [7, { words: 'a document of the prefecture was received' }],
  [8, { words: 'the receipt of the document of the prefecture was acknowledged' }],
  [9, { words: 'the document was sent' }],
  [10, { words: 'the sending of the document was refused' }],
  [11, { words: 'the prefecture acknowledged the document' }],
  [12, { words: 'acknowledged, and sent to the archive' }],
  [13, { words: 'acknowledged, and archived' }],
  [14, { words: 'acknowledged; its archiving failed' }],
  [15, { words: 'acknowledged, and received by the archive' }],
  [16, { words: 'acknowledged, archived, and its files removed' }],
  [17, { words: 'deposited: an agent must confirm it on S2LOW (relais deliveries link)', waits: true }],
  [18, { words: 'deposited: it waits for a signature on S2LOW', waits: true }],
  [19, { words: 'acknowledged; it waits to be sent to the archive' }],
  [20, { words: 'acknowledged; sending it to the archive failed' }],
  [21, { words: 'a document of the prefecture was received' }],
  [22, { words: 'acknowledged; its files are not available for the archive' }],
]);

/** An act has been acknowledged, whatever became of it later: closed, archived, removed. */
export const ACKNOWLEDGED: ReadonlySet<number> = new Set([4, 5, 12, 13, 14, 15, 16, 19, 20, 22]);

/** Statuses in the order in which a transaction goes through them: whoever reads the lists so meets one that moves on while he reads. */
export const ALONG_THE_WAY: readonly number[] = [17, 18, 1, 2, 3, 7, 8, 21, 9, 10, 11, 4, 5, 6, 19, 12, 15, 13, 14, 16, 20, 22, -1, 0];

/** True for what no contract tells of. */
export function isKnown(status: number): boolean {
  return ACT_STATUSES.has(status);
}
