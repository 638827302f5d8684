import { z } from 'zod';
import type { Receipt, Submission } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { identifierOf } from './identifier.js';

const remembered = z.object({
  externalIdentifier: z.string(),
  /** What was seen last, so that only what changed is brought back; empty: nothing yet. */
  seen: z.string(),
  /** How often it was not found over there since it was found last. */
  missed: z.number(),
});

/** What a receipt remembers. Plain JSON. */
export type ReceiptData = z.infer<typeof remembered>;

/** The receipt of an item that is over there. */
export function receiptOf(uid: string, submission: Submission, warnings: readonly string[] = []): Receipt {
  const data: ReceiptData = { externalIdentifier: identifierOf(submission.item), seen: '', missed: 0 };
  return { reference: uid, state: 'sent', data, ...warnings.length > 0 && { results: { fields: { warnings } } } };
}

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf({ data }: Receipt): ReceiptData {
  const read = remembered.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('The receipt is not one of this connector. Resend the item, or cancel it.');
  return read.data;
}
