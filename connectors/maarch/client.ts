import { Readable } from 'node:stream';
import { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, NotSent, nothingSent, OutcomeUnknown, Refused, type Failure } from '../../src/connector-api/failures.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { httpFailure, startOfAnswer } from '../../src/connector-api/http-failure.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { jsonWithFiles } from '../../src/connector-api/json-with-files.js';
import type { Annex } from '../../src/domain/item.js';
import type { MaarchSettings } from './config.js';

/** Bytes of a failure that are read. */
const FAILURE_BYTES = 8 * 1024;
const LONGEST_ANSWER = 8 * 2 ** 20;

export interface MaarchRequest {
  readonly method: HttpRequest['method'];
  /** Below `/rest`, its parts encoded. */
  readonly path: string;
  readonly members?: Readonly<Record<string, unknown>>;
  /** Travels as `encodedFile`. */
  readonly file?: Annex | null;
}

/** One call after another to Maarch, in the name of the account of the settings. */
export interface MaarchClient {
  /** Any status is an answer. */
  call(request: MaarchRequest): Promise<HttpAnswer>;
  /** The answer of a call that may change something, as the schema says. Throws what `failure` gives for any status but `200` to `204`. */
  send<Value>(request: MaarchRequest, schema: z.ZodType<Value>): Promise<Value>;
  /** As `send`, for calls that change nothing: without an answer, nothing was sent. */
  ask<Value>(request: MaarchRequest, schema: z.ZodType<Value>): Promise<Value>;
  /** What an answer without success means. Reads it. */
  failure(answer: HttpAnswer): Promise<Failure>;
  /** A JSON answer. Throws OutcomeUnknown for one that was cut, is another page (HTML), or lacks what is needed. */
  read<Value>(answer: HttpAnswer, schema: z.ZodType<Value>): Promise<Value>;
}

/** An answer without content (204). */
export const empty: z.ZodType<null> = z.null();

const errorWords = z.object({ errors: z.string().min(1) });

export function maarchClient(settings: MaarchSettings, context: Pick<ConnectorContext, 'http' | 'clock' | 'blobs' | 'signal'>): MaarchClient {
  const who = new URL(settings.url).origin;
  const authorization = `Basic ${Buffer.from(`${settings.login}:${settings.password}`).toString('base64')}`;

  function call({ method, path, members, file = null }: MaarchRequest): Promise<HttpAnswer> {
    const sent = file === null
      ? members !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(members) }
      : jsonWithFiles({ encodedFile: { base64Of: file }, ...members }, context);
    return context.http({
      method, url: `${settings.url}/rest${path}`, ...reachOf(settings, file?.size ?? 0),
      headers: { accept: 'application/json', authorization, ...(sent !== false && sent.headers) }, ...(sent !== false && { body: sent.body }),
    });
  }

  async function failure(answer: HttpAnswer): Promise<Failure> {
    const start = await startOfAnswer(answer, FAILURE_BYTES);
    const words = errorWords.safeParse(jsonOf(start.toString('utf8'))).data?.errors;
    const known = words === undefined ? undefined : failureNamed(answer.status, words, who);
    if (known !== undefined) return known;
    return httpFailure({ ...answer, body: Readable.from([words === undefined ? start : Buffer.from(JSON.stringify({ message: words }))]) }, who, context.clock.now());
  }

  async function read<Value>(answer: HttpAnswer, schema: z.ZodType<Value>): Promise<Value> {
    const found = schema.safeParse(jsonOf(await answer.text(LONGEST_ANSWER)));
    if (found.success) return found.data;
    const [issue] = found.error.issues;
    throw new OutcomeUnknown(`${who} answered with something that cannot be used${issue === undefined || issue.path.length === 0 ? ': no JSON of Maarch' : `: «${issue.path.join('.')}»`}.`);
  }

  async function send<Value>(request: MaarchRequest, schema: z.ZodType<Value>): Promise<Value> {
    const answer = await call(request);
    if (answer.status < 200 || answer.status > 204) throw await failure(answer);
    return read(answer, schema);
  }

  return { call, send, failure, read, ask: (request, schema) => send(request, schema).catch((error: unknown) => { throw nothingSent(error); }) };
}

/** What Maarch means by its words, where the status does not say it (README «Facts»). */
function failureNamed(status: number, words: string, who: string): Failure | undefined {
  const said = `${who} answered ${status}: ${words}.`;
  if (/out of perimeter/i.test(words)) return new Refused(`${said} The letter is out of the reach of the account of Relais, or is gone. Give the account the right to it, then retry.`);
  if (status === 403) return new Misconfigured(`${said} Give the account of Relais this right, and this route.`);
  // It failed while it stored the file, before it wrote the letter down.
  if (status === 500 && /^\[(?:Res|Attachment)Controller create\]/.test(words)) return new NotSent(said);
  return undefined;
}

function jsonOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
