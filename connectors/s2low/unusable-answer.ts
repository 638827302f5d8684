import type { Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { ReceiptData } from './receipt.js';

/** The platform tells that the State has answered, and does not give the answer, or gives something that is none. */
export class UnusableAnswer extends OutcomeUnknown {}

/** It must last so long before a person is asked: the file may come after the status. */
const PATIENCE_MS = 2 * 3_600_000;
const ASK_AGAIN_MS = 5 * 60_000;

/** The platform itself works: what one transaction lacks holds nothing else up, and is not asked for without end. Throws Refused once it has lasted. */
export function unusableSince(data: ReceiptData, { message }: UnusableAnswer, now: number): Tracking {
  const { unusableSince: since = now } = data;
  if (now - since < PATIENCE_MS) return { state: 'pending', note: message, pollAfterMs: ASK_AGAIN_MS, data: { ...data, unusableSince: since } };
  throw new Refused(`${message} That lasts since ${new Date(since).toISOString()}. Nothing was concluded from it: ask the operator of S2LOW, then retry.`);
}
