import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import { DeskRefusal } from '../../src/signature-desk/desk-folder.js';

const WORDS: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 406: 'Not Acceptable', 500: 'Internal Server Error' };

/** An error as i-Parapheur 5 tells it (contracts/iparapheur.md §3.1). */
export function failure(status: number, message: string, path = ''): HttpReply {
  return jsonReply({ timestamp: new Date(0).toISOString(), status, error: WORDS[status] ?? '', message, path }, status);
}

/** What the desk does not do. */
export function refusalReply(error: unknown): HttpReply {
  if (!(error instanceof DeskRefusal)) throw error;
  return failure(error.code === 'unknown-folder' || error.code === 'unknown-type' ? 404 : 406, error.message);
}

/** A page of a list (§3.2): ten rows unless the caller asks for more, and never more than the most. */
export function page(rows: readonly object[], query: URLSearchParams): HttpReply {
  const size = Math.min(MOST_ROWS, Math.max(1, Number(query.get('size') ?? 10)));
  const number = Math.max(0, Number(query.get('page') ?? 0));
  const totalPages = Math.ceil(rows.length / size);
  const content = rows.slice(number * size, (number + 1) * size);
  return jsonReply({ content, totalPages, totalElements: rows.length, number, size, last: number + 1 >= totalPages, pageable: { pageNumber: number } });
}

/** Fewer than a caller may ask for, so that whoever does not go on to the next page misses rows. */
const MOST_ROWS = 50;
