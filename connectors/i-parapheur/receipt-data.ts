import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import type { SignatureFolder } from '../../src/signature-book/folder.js';
import type { XmlPlace } from '../../src/signature-book/fields.js';
import { receiptData } from '../../src/signature-book/receipt-data.js';
import { sentFolder, sentFolderOf } from '../../src/signature-book/sent-folder.js';

/** What a receipt remembers. Plain JSON. */
const remembered = z.object({
  sent: sentFolder,
  /** Statuses that were seen last, the last one first: a search that shows one of them is no news. */
  seen: z.array(z.string()),
  /** When it was first not found over there, epoch milliseconds; null: it was found last time. */
  missingSince: z.number().nullable(),
  /** How often its documents, or putting it away, were refused. */
  refusals: z.number(),
  /** All that it gave is kept here: it may be put away. `reason`: why it was refused. */
  kept: z.discriminatedUnion('end', [z.object({ end: z.literal('finished') }), z.object({ end: z.literal('refused'), reason: z.string() })]).optional(),
});

export type ReceiptData = z.infer<typeof remembered>;

/** The receipt of a folder that is over there. */
export function receiptOf(reference: string, folder: SignatureFolder, place: XmlPlace | null): Receipt {
  const data: ReceiptData = { sent: sentFolderOf(folder, place), seen: [], missingSince: null, refusals: 0 };
  return { reference, state: 'sent', data };
}

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf(receipt: Receipt): ReceiptData {
  return receiptData(remembered, receipt);
}
