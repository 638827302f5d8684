import type { StatusMeaning } from './act-status.js';

/** Where a flow stands, for the operator (contracts/s2low.md §6). Codes that are not here are polled on, and logged. */
export const HELIOS_STATUSES: ReadonlyMap<number, StatusMeaning> = new Map<number, StatusMeaning>([
  [-1, { words: 'in error' }],
  [0, { words: 'cancelled' }],
  [1, { words: 'posted: S2LOW checks it' }],
  [2, { words: 'checked: it waits to be sent to the treasury' }],
  // While the acquit cannot be read yet, 4, 6 and 8 are reported so as well (§5).
  [3, { words: 'sent to the treasury: its acquit is awaited' }],
  [4, { words: 'acknowledged by the treasury' }],
  [6, { words: 'refused by the treasury' }],
  [7, { words: 'posted: S2LOW is at work on it' }],
  [8, { words: 'answered by the treasury' }],
  [9, { words: 'answered by the treasury, and sent to the archive' }],
  [10, { words: 'answered by the treasury, and archived' }],
  [11, { words: 'answered by the treasury; the archive refused it' }],
  [13, { words: 'deposited: it waits for a signature on S2LOW', waits: true }],
  [14, { words: 'deposited: an agent must transmit it on S2LOW', waits: true }],
  [19, { words: 'answered by the treasury; it waits to be sent to the archive' }],
  [20, { words: 'answered by the treasury; sending it to the archive failed' }],
  [21, { words: 'answered by the treasury; its files are about to be removed' }],
  [22, { words: 'answered by the treasury; its files were removed' }],
  [24, { words: 'sent to the treasury, which does not answer such a file' }],
]);

/** The acquit has come: it alone says whether the treasury accepts (§5.3). */
export const ANSWERED: ReadonlySet<number> = new Set([4, 6, 8, 9, 10, 11, 19, 20, 21, 22]);

/** The treasury answers no such file. */
export const WITHOUT_ACQUIT = 24;
