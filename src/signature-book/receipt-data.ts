import type { z } from 'zod';
import type { Receipt } from '../connector-api/connector.js';
import { OutcomeUnknown } from '../connector-api/failures.js';

/** What a connector wrote into the `data` of its receipt. Throws OutcomeUnknown for a receipt that was not made so. */
export function receiptData<Data>(schema: z.ZodType<Data>, { data }: Pick<Receipt, 'data'>): Data {
  const read = schema.safeParse(data);
  if (!read.success) throw new OutcomeUnknown('The receipt of this delivery does not tell what was sent.');
  return read.data;
}
