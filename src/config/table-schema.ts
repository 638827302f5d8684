import { z } from 'zod';
import { fieldValue, idText } from './values.js';

const rowsSchema = z.record(z.string().regex(/\S/, 'a value that is not empty'), fieldValue);

/** One entry of `tables:`. The short form, a map of rows and nothing else, is made long before it is checked: see
 * lengthenTable. */
export const tableSchema = z.strictObject({
  rows: rowsSchema.default({}),
  bySource: z.record(idText, rowsSchema).default({}),
  byConnector: z.record(idText, rowsSchema).default({}),
  unknown: z.union([z.enum(['refuse', 'same']), z.strictObject({ default: fieldValue })], 'refuse, same or a map such as {default: other}').default('refuse'),
});

export type TableEntry = z.output<typeof tableSchema>;
