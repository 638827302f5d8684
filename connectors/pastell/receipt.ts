import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { receiptData } from '../../src/signature-book/receipt-data.js';
import { sentFolder } from '../../src/signature-book/sent-folder.js';
import { route } from './route.js';

const facts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('act'), number: z.string(), publishedOn: z.string().nullable() }),
  z.object({ kind: z.literal('pes'), nomFic: z.string(), codCol: z.string().nullable() }),
  z.object({ kind: z.literal('signing'), folder: sentFolder }),
]);

/** What was brought back already, so that it is not brought back twice. */
export const BROUGHT = ['signature', 'transmission', 'end'] as const;

const remembered = z.object({
  entity: z.number(),
  type: z.string(),
  route,
  facts,
  brought: z.array(z.enum(BROUGHT)),
  /** State and moment that were last seen; null: none yet. `due`: something is left to do, so that it is asked about in any case. */
  seen: z.object({ state: z.string(), at: z.string(), due: z.boolean() }).nullable(),
  /** When it was first not found, epoch milliseconds. */
  missingSince: z.number().optional(),
  /** How often Pastell was told to ask again. */
  askedAgain: z.number().optional(),
});

/** What a receipt remembers between two questions. */
export type ReceiptData = z.infer<typeof remembered>;

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf(receipt: Pick<Receipt, 'data'>): ReceiptData {
  return receiptData(remembered, receipt);
}
