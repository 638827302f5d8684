import { z } from 'zod';
import type { Receipt } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';

const common = {
  /** Number of the transaction over there. */
  transaction: z.string().regex(/^\d+$/),
  /** When it was handed over, epoch milliseconds. */
  sentAt: z.number(),
  /** Since when the platform answers KO about it, epoch milliseconds. */
  refusedSince: z.number().optional(),
  /** Since when it tells of an answer of the State that cannot be used, epoch milliseconds. */
  unusableSince: z.number().optional(),
};

const remembered = z.discriminatedUnion('kind', [
  /** `incompleteSince`: it is acknowledged since then, and the platform does not give all files yet. */
  z.object({ kind: z.literal('act'), ...common, number: z.string(), publishedOn: z.string().nullable(), incompleteSince: z.number().optional() }),
  z.object({ kind: z.literal('pes'), ...common, nomFic: z.string(), codCol: z.string(), sha1: z.string().optional() }),
  z.object({ kind: z.literal('answer'), ...common, letterType: z.enum(['2', '3', '4']) }),
  z.object({ kind: z.literal('cancellation'), ...common, act: z.string() }),
]);

/** What a receipt remembers between two questions. */
export type ReceiptData = z.infer<typeof remembered>;
export type Remembered<Kind extends ReceiptData['kind']> = Extract<ReceiptData, { kind: Kind }>;

/** Throws OutcomeUnknown for a receipt that is not one of ours. */
export function dataOf({ data }: Pick<Receipt, 'data'>): ReceiptData {
  const read = remembered.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('The receipt of this delivery does not tell what was sent.');
  return read.data;
}

/** Acts and flows are counted apart over there, so that a number alone would stand for two things. */
export function receiptOf(data: ReceiptData): Receipt {
  return { reference: referenceOf(data.kind === 'pes' ? 'helios' : 'actes', data.transaction), state: 'sent', data };
}

export function referenceOf(module: 'actes' | 'helios', transaction: string): string {
  return `${module}-${transaction}`;
}
