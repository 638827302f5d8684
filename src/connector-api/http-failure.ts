import { Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from './failures.js';
import type { HttpAnswer } from './http.js';

/** The other side does not accept who we are, or knows no such address or method. */
const TO_CORRECT: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 410]);

/** Not now: too slow a request, locked, too early, too many requests, unavailable, no space. Nothing was kept. */
const LATER: ReadonlySet<number> = new Set([408, 423, 425, 429, 503, 507]);

const WORDS_BYTES = 8 * 1024;
const WORDS_LENGTH = 300;

/** What an answer without success means where nothing more is known of the other side (RFC 9110 §15, RFC 4918 §11). `who`
 * names it, without path and query; `now` is epoch milliseconds. Reads the answer. */
export async function httpFailure(answer: HttpAnswer, who: string, now: number): Promise<Failure> {
  const { status } = answer;
  const words = await answerWords(answer);
  const said = `${who} answered ${status}${words === '' ? '' : `: ${words}`}`;
  if (TO_CORRECT.has(status)) return new Misconfigured(`${said}. Check the address, and the account or certificate that Relais uses there.`);
  if (status >= 300 && status < 400) return new Misconfigured(`${said}. It sends requests elsewhere: give the final address.`);
  if (LATER.has(status)) {
    const wait = retryAfterMs(answer, now);
    return new NotSent(`${said}.`, wait === undefined ? {} : { retryAfterMs: wait });
  }
  if (status >= 400 && status < 500) return new Refused(`${said}.`);
  return new OutcomeUnknown(`${said}.`);
}

/** How long the other side asks to wait (RFC 9110 §10.2.3), milliseconds; undefined when it does not say. */
export function retryAfterMs({ headers }: HttpAnswer, now: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** What an answer says, for the operator: one line without markup, shortened; empty when it says nothing that can be read. */
export async function answerWords(answer: HttpAnswer): Promise<string> {
  const text = (await startOfAnswer(answer, WORDS_BYTES)).toString('utf8');
  const line = (messageOf(text) ?? text).replace(/<(style|script)\b.*?<\/\1>/gis, ' ').replace(/<[^>]*>/g, ' ').replace(/[\p{C}\p{Z}\uFFFD]+/gu, ' ').trim();
  return line.length > WORDS_LENGTH ? `${line.slice(0, WORDS_LENGTH)}…` : line.replace(/\.$/, '');
}

/** The first bytes of an answer, or those that came, if it was cut; what follows them is let go. */
export async function startOfAnswer({ body }: HttpAnswer, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bytes) break;
    }
  } catch {
    // The status was read; words that were cut are worth as much as those that came.
  }
  return Buffer.concat(chunks).subarray(0, bytes);
}

/** The message of a JSON answer, under the names that services use (`detail` and `title`: RFC 9457). */
function messageOf(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const answer = JSON.parse(text) as Record<string, unknown>;
    const found = ['reason', 'message', 'detail', 'error', 'title'].map((name) => answer[name]).find((value) => typeof value === 'string' && value !== '');
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}
