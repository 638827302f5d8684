import { z } from 'zod';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';

/** What every list tells beside its rows; more is passed over (contracts/iparapheur.md §3.2). */
const pageWords = z.object({ totalPages: z.number().int().nonnegative().optional(), totalElements: z.number().int().nonnegative().optional(), last: z.boolean().optional() });

export interface Page<Row> {
  readonly content: readonly Row[];
  readonly last: boolean;
  readonly total: number | null;
}

/** A JSON answer that is as it should be. Throws OutcomeUnknown for one that was cut, is another page (HTML), or lacks what is needed. */
export function readJson<Value>(schema: z.ZodType<Value>, text: string, who: string): Value {
  const read = schema.safeParse(objectOf(text));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new OutcomeUnknown(`${who} answered with something that cannot be used${issue === undefined || issue.path.length === 0 ? '' : `: «${issue.path.join('.')}»`}.`);
}

/** One page of a list; `number` counts from 0. */
export function readPage<Row>(row: z.ZodType<Row>, text: string, number: number, who: string): Page<Row> {
  const { content, totalPages, totalElements, last } = readJson(pageWords.extend({ content: z.array(row) }), text, who);
  const ended = last ?? (totalPages === undefined ? content.length === 0 : number + 1 >= totalPages);
  return { content, last: ended || content.length === 0, total: totalElements ?? null };
}

function objectOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
