import type { Tracking } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import type { ReceiptData } from './receipt.js';

/** A KO about what was sent must last so long before a person is asked: the platform says so for moments, too. */
const PATIENCE_MS = 30 * 60_000;
const ASK_AGAIN_MS = 5 * 60_000;

/** The platform answers KO about a transaction, though it lets the account in: it was cancelled or removed over there, or passed to another account
 * (contracts/s2low.md §3.3, §5). Which of them, it does not tell: a person has to look. `what`: `The flow`. Throws Refused once it has lasted. */
export function refusedSince(data: ReceiptData, words: string, now: number, what: string): Tracking {
  const { refusedSince: since = now } = data;
  if (now - since < PATIENCE_MS) return { state: 'pending', note: `S2LOW answers KO about it: «${words}».`, pollAfterMs: ASK_AGAIN_MS, data: { ...data, refusedSince: since } };
  const cancelled = data.kind === 'pes' ? 'it was cancelled over there (S2LOW answers so about a flow in status 0), or' : 'it was';
  throw new Refused(`S2LOW answers KO about transaction ${data.transaction} since ${new Date(since).toISOString()}: «${words}». ${what} is not visible any more: ${cancelled} removed, or given to another account. Look it up on S2LOW.`);
}
