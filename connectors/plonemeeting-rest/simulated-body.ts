import type { IncomingMessage } from 'node:http';
import { JsonBodyError, readJsonWithFiles } from '../../src/council-desk/read-json-with-files.js';
import type { CouncilDesk } from '../../src/council-desk/council-desk.js';

export type Body = Readonly<Record<string, unknown>>;

/** The body as an object; an empty one where it is not sent as JSON: it is not seen then (contracts/plonemeeting-rest.md §1). Throws JsonBodyError. */
export async function readBody(request: IncomingMessage, desk: CouncilDesk): Promise<Body> {
  // Zope reads no body of unknown length
  if (request.headers['content-length'] === undefined || !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) return {};
  const body = await readJsonWithFiles(request, desk.files);
  const found = recordOf(body);
  if (found === undefined) throw new JsonBodyError('Malformed body: an object is expected.');
  return found;
}

export function recordOf(value: unknown): Body | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Body : undefined;
}

/** Numbers are taken as texts. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const data = recordOf(value)?.['data'];
  return typeof data === 'string' ? data : undefined;
}

export function textsOf(value: unknown): readonly string[] {
  const values = Array.isArray(value) ? value as readonly unknown[] : value === undefined || value === null ? [] : [value];
  return values.flatMap((one) => textOf(one) ?? textOf(recordOf(one)?.['token']) ?? []);
}
