import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { sentFolder } from '../../src/signature-book/sent-folder.js';

const annotations = z.object({ publicAnnotation: z.string().nullable(), privateAnnotation: z.string().nullable() });

export type Annotations = z.infer<typeof annotations>;

const receiptData = z.object({
  folder: sentFolder,
  /** It lies there as a draft: it must still be given into its circuit. */
  toStart: annotations.optional(),
  /** When it was first not found, epoch milliseconds. */
  missingSince: z.number().optional(),
  /** Its circuit has ended and all that it gave is kept; it must still be put away. `task`: where it lies over there. */
  stored: z.object({ reason: z.string().nullable(), task: z.string(), tries: z.number() }).optional(),
});

/** What a receipt remembers between two questions. */
export type ReceiptData = z.infer<typeof receiptData>;

/** Throws OutcomeUnknown for a receipt that this connector did not make. */
export function readReceipt({ data }: Pick<Receipt, 'data'>): ReceiptData {
  const read = receiptData.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('The receipt of this delivery does not tell what was sent.');
  return read.data;
}
