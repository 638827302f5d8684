import type { Readable } from 'node:stream';
import { z } from 'zod';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../connector-api/failures.js';
import type { HttpAnswer, HttpCall, HttpRequest } from '../../connector-api/http.js';
import type { AcmeSettings } from './config.js';

const kept = z.object({ reference: z.string().min(1) });

/** The calls of the service, with what each answer means. What goes wrong on the way is told by `http` itself. */
export interface AcmeClient {
  /** Throws Misconfigured when the token is not accepted. */
  status(): Promise<void>;
  /** Sends a file that waits there, under the key, for its item. */
  sendFile(key: string, position: number, content: Readable, size: number): Promise<void>;
  /** Hands the item over, with the files that wait under its key. The same key again is the same item. */
  handOver(key: string, item: unknown): Promise<string>;
  /** The reference of what was handed over under a key; null if nothing was. */
  find(key: string): Promise<string | null>;
}

/** The client of one attempt. */
export function acmeClient({ url, token, allowPrivate }: AcmeSettings, http: HttpCall): AcmeClient {
  function call(method: HttpRequest['method'], path: string, more: Pick<HttpRequest, 'body' | 'headers'> = {}): Promise<HttpAnswer> {
    return http({ ...more, method, url: new URL(path, url).href, allowPrivate, headers: { authorization: `Bearer ${token}`, ...more.headers } });
  }

  const itemPath = (key: string) => `/items/${encodeURIComponent(key)}`;

  return {
    async status() {
      const answer = await call('GET', '/status');
      answer.body.destroy();
      if (answer.status !== 200) throw new Misconfigured(answer.status === 401 ? 'The service does not accept the token.' : `The service answers ${answer.status} at ${url}: is it the right address?`);
    },
    async sendFile(key, position, content, size) {
      const answer = await call('PUT', `${itemPath(key)}/files/${position}`, { body: content, headers: { 'content-length': String(size) } });
      // Nothing was handed over yet, so even an accident over there can be tried again.
      if (answer.status >= 500) throw new NotSent(`The service answers ${answer.status} to a file.`, waitAsked(answer));
      await requireTaken(answer);
    },
    async handOver(key, item) {
      const answer = await call('PUT', itemPath(key), { body: JSON.stringify(item), headers: { 'content-type': 'application/json' } });
      return referenceIn(await requireTaken(answer));
    },
    async find(key) {
      const answer = await call('GET', itemPath(key));
      if (answer.status === 404) { answer.body.destroy(); return null; }
      return referenceIn(await requireTaken(answer));
    },
  };
}

/** Throws what an answer other than success means. */
async function requireTaken(answer: HttpAnswer): Promise<string> {
  const { status } = answer;
  const text = await answer.text();
  if (status >= 200 && status < 300) return text;
  if (status === 401 || status === 403) throw new Misconfigured('The service does not accept the token.');
  if (status === 429 || status === 503) throw new NotSent('The service asks to come back later.', waitAsked(answer));
  if (status >= 500) throw new OutcomeUnknown(`The service answers ${status}.`);
  throw new Refused(`The service refuses the item (${status}): ${text.slice(0, 200)}`);
}

/** A success without a reference cannot be told from a lost answer. */
function referenceIn(text: string): string {
  try {
    return kept.parse(JSON.parse(text)).reference;
  } catch (error) {
    throw new OutcomeUnknown('The service answers something that is not a reference.', { cause: error });
  }
}

function waitAsked({ headers }: HttpAnswer): { retryAfterMs?: number } {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) ? { retryAfterMs: seconds * 1000 } : {};
}
