import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { receiptData } from '../../src/signature-book/receipt-data.js';
import { sentFolder } from '../../src/signature-book/sent-folder.js';

const annotations = z.object({ publicAnnotation: z.string().nullable(), privateAnnotation: z.string().nullable() });

export type Annotations = z.infer<typeof annotations>;

const remembered = z.object({
  folder: sentFolder,
  /** It lies there as a draft: it must still be given into its circuit. */
  toStart: annotations.optional(),
  /** When it was first not found, epoch milliseconds. */
  missingSince: z.number().optional(),
  /** Its circuit has ended and all that it gave is kept; it must still be put away. `task`: where it lies over there. */
  stored: z.object({ reason: z.string().nullable(), task: z.string(), tries: z.number() }).optional(),
});

/** What a receipt remembers between two questions. */
export type ReceiptData = z.infer<typeof remembered>;

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf(receipt: Receipt): ReceiptData {
  return receiptData(remembered, receipt);
}
