import { z } from 'zod';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { Api, Rejection } from './api.js';
import type { Query } from './query.js';

/** Rows asked for at once, and an end to pages that never end. */
const PAGE_SIZE = 50;
const MOST_ROWS = 20_000;

const page = z.object({ items_total: z.number().catch(0), items: z.array(z.unknown()) });

export interface SearchOptions {
  readonly pageSize?: number;
  /** Errors that mean that there are no rows, such as a user whom nobody knows and who sees nothing. */
  readonly isNone?: (rejected: Rejection) => boolean;
}

/** Rows of a search, a page at a time, each element once. The next page is asked for by its number: an address that was answered is never followed with our
 * account. `items_total` counts what is not there any more, so that an empty page ends it too (contracts/plonemeeting-rest.md §9). Throws OutcomeUnknown
 * for a list that has no end. */
export async function* searchRows<Row extends { readonly UID: string }>(api: Api, row: z.ZodType<Row>, query: Query, { pageSize = PAGE_SIZE, isNone }: SearchOptions = {}): AsyncGenerator<Row> {
  const seen = new Set<string>();
  for (let start = 0; start < MOST_ROWS; start += pageSize) {
    const read = await readPage(api, { ...query, b_size: pageSize, ...(start > 0 && { b_start: start }) }, isNone);
    if (read === null) return;
    for (const item of read.items) {
      const one = row.safeParse(item);
      if (!one.success || seen.has(one.data.UID)) continue;
      seen.add(one.data.UID);
      yield one.data;
    }
    if (read.items.length === 0 || start + pageSize >= read.items_total) return;
  }
  throw new OutcomeUnknown(`${api.who} gives a list of more than ${MOST_ROWS} rows.`);
}

async function readPage(api: Api, query: Query, isNone: SearchOptions['isNone']): Promise<z.infer<typeof page> | null> {
  const answered = await api.ask({ path: '/@search', query });
  if ('rejected' in answered) {
    if (isNone?.(answered.rejected) === true) return null;
    throw await api.failure(answered.rejected);
  }
  const read = page.safeParse(answered.body);
  if (!read.success) throw new OutcomeUnknown(`${api.who} answered something else than a list.`);
  return read.data;
}
