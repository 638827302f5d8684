import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';

const remembered = z.object({
  /** Attachments that we sent: they are not brought back. */
  own: z.array(z.number()),
});

/** What a receipt remembers between two questions. */
export type ReceiptData = z.infer<typeof remembered>;

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf({ data }: Receipt): ReceiptData {
  const read = remembered.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('The receipt of this delivery does not tell what was sent.');
  return read.data;
}

/** Number of the letter of a receipt; null for a receipt that is not one of ours. */
export function resIdOf({ reference }: Receipt): number | null {
  return /^[1-9]\d{0,9}$/.test(reference) ? Number(reference) : null;
}
