import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { receiptData } from '../../src/signature-book/receipt-data.js';
import type { NewDocument } from './partner.js';

/** A document, and its name among those of its item alone. */
export type SentDocument = NewDocument & { readonly ownName: string };

const sentData = z.object({
  /** What was sent, by its code over there and its name among those of the item. Size in bytes. */
  documents: z.array(z.object({ code: z.string(), filename: z.string(), sha256: z.string(), size: z.number() })),
  /** How many signatures each document must bear. */
  signatures: z.number(),
  /** What was told last; nothing is new as long as it stays so. */
  seen: z.string().optional(),
  /** Since when the session is not found, epoch milliseconds. */
  missingSince: z.number().optional(),
});

/** What a receipt remembers. Plain JSON. */
export type SentData = z.infer<typeof sentData>;

export function receiptOf(reference: string, documents: readonly SentDocument[], signatures: number): Receipt {
  const data: SentData = { documents: documents.map(({ code, ownName, annex: { sha256, size } }) => ({ code, filename: ownName, sha256, size })), signatures };
  return { reference, state: 'sent', data };
}

/** What `receiptOf` remembered. Throws OutcomeUnknown for a receipt that was not made so. */
export function sentDataOf(receipt: Receipt): SentData {
  return receiptData(sentData, receipt);
}
