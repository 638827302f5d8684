import { Readable } from 'node:stream';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { answerWords, httpFailure, startOfAnswer } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import type { AccountGate } from './account-gate.js';
import type { PastellSettings } from './config.js';

/** Far beyond a page of a list or a form. */
const LONGEST_ANSWER = 8 * 2 ** 20;
const LONGEST_ERROR = 64 * 1024;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Elements of the path below `/api/v2`; each is encoded here. */
  readonly path: readonly (string | number)[];
  readonly query?: readonly (readonly [name: string, value: string])[];
  /** Fields of an urlencoded body. */
  readonly form?: readonly (readonly [name: string, value: string])[];
  /** A body of another kind. */
  readonly body?: { readonly headers: Readonly<Record<string, string>>; readonly body: Readable | Buffer };
  /** Size of the files that travel with it, either way: they get more time. */
  readonly bytes?: number;
  readonly timeoutMs?: number;
}

/** What Pastell says: something, or no, with a status and words that people read (contracts/pastell.md §1.2: there is no code for machines). */
export type ApiAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly status: number; readonly words: string };

/** One call after another to Pastell. Throws Misconfigured for an account that is refused, NotSent where it is asked to wait, OutcomeUnknown
 * for what went wrong over there or on the way, and for a page in place of an answer. */
export interface Api {
  call(request: ApiRequest): Promise<ApiAnswer>;
  /** The bytes of a file, to be read or destroyed. */
  download(path: ApiRequest['path'], bytes?: number): Promise<{ readonly ok: true; readonly answer: HttpAnswer } | Extract<ApiAnswer, { ok: false }>>;
}

/** Refusals that mean something to who asked. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 409]);

const URLENCODED = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };

export function createApi(settings: PastellSettings, gate: AccountGate, { http, clock }: Pick<ConnectorContext, 'http' | 'clock'>): Api {
  const who = new URL(settings.url).origin;

  async function send(request: ApiRequest): Promise<HttpAnswer> {
    gate.requireOpen(clock.now());
    const { method, form, bytes, timeoutMs } = request;
    const body = form === undefined ? request.body : { headers: URLENCODED, body: new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString() };
    const reach = reachOf(settings, bytes);
    const sent: HttpRequest = {
      method, url: `${settings.url}/api/v2/${pathOf(request)}`, headers: { accept: 'application/json, */*', ...authorization(settings), ...body?.headers },
      ...(body !== undefined && { body: body.body }), ...reach, timeoutMs: Math.max(reach.timeoutMs ?? 0, timeoutMs ?? 0),
    };
    const answer = await http(sent);
    if (answer.status !== 401) return answer;
    answer.body.destroy();
    throw gate.refused(clock.now());
  }

  async function call(request: ApiRequest): Promise<ApiAnswer> {
    const answer = await send(request);
    return await understood(answer, who, clock.now(), gate);
  }

  async function download(path: ApiRequest['path'], bytes?: number): ReturnType<Api['download']> {
    const answer = await send({ method: 'GET', path, ...(bytes !== undefined && { bytes }) });
    if (answer.status === 200 && !/json|html/i.test(answer.headers['content-type'] ?? '')) return { ok: true, answer };
    const said = await understood(answer, who, clock.now(), gate);
    if (said.ok) throw new OutcomeUnknown(`${who} answered in JSON in place of a file.`);
    return said;
  }

  return { call, download };
}

/** §1: versions before 3.1.11 take a path that ends in «php» for an old script, so that something must follow it. */
function pathOf({ path, query = [] }: ApiRequest): string {
  const elements = path.map((element) => encodeURIComponent(element)).join('/');
  const whole = elements.endsWith('php') ? `${elements}/` : elements;
  return query.length === 0 ? whole : `${whole}?${new URLSearchParams(query.map(([name, value]): [string, string] => [name, value])).toString()}`;
}

function authorization({ login, password, token }: PastellSettings): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  return login === undefined ? {} : { authorization: `Basic ${Buffer.from(`${login}:${password ?? ''}`).toString('base64')}` };
}

/** §1.2: what the body says comes before the status. */
async function understood(answer: HttpAnswer, who: string, now: number, gate: AccountGate): Promise<ApiAnswer> {
  const { status } = answer;
  const succeeded = isSuccess(status);
  const text = succeeded ? await answer.text(LONGEST_ANSWER) : (await startOfAnswer(answer, LONGEST_ERROR)).toString('utf8');
  const value = status === 204 ? null : jsonOf(text);
  const error = errorOf(value);
  if (error !== null) {
    if (succeeded || REFUSALS.has(status)) return { ok: false, status, words: error };
    throw await failure(textAnswer(answer, error), who, now);
  }
  if (!succeeded) throw await failure(textAnswer(answer, text), who, now);
  if (value === undefined) throw await notAnAnswer(textAnswer(answer, text), who);
  gate.accepted();
  return { ok: true, value };
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

async function notAnAnswer(answer: HttpAnswer, who: string): Promise<Error> {
  const words = (await answerWords(answer)).slice(0, 100);
  return new OutcomeUnknown(`${who} answered ${answer.status} with something that is not its answer, such as a page for maintenance or a login page${words === '' ? '' : `: ${words}`}.`);
}

async function failure(answer: HttpAnswer, who: string, now: number): Promise<Error> {
  if (answer.status !== 413) return httpFailure(answer, who, now);
  return new Refused(`${who} answered 413: the file is larger than it takes in one piece. Have its limit raised (post_max_size of PHP and of the proxy before it), or lower «chunkAbove» where Pastell is 4.1 or later.`);
}

function textAnswer(answer: HttpAnswer, text: string): HttpAnswer {
  return { ...answer, body: Readable.from([Buffer.from(text)], { objectMode: false }) };
}

/** Undefined for what is no JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

const WORDS_LENGTH = 300;
/** What is looked at of a message: what comes behind is not told, and would only take time. */
const LOOKED_AT = 8_000;

function errorOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('status' in value) || value.status !== 'error') return null;
  const said = 'error-message' in value && typeof value['error-message'] === 'string' ? value['error-message'] : '';
  const line = said.slice(0, LOOKED_AT).replace(/<[^>]*>/g, ' ').replace(/[\p{C}\p{Z}]+/gu, ' ').trim().replace(/\.$/, '');
  return line.length > WORDS_LENGTH ? `${line.slice(0, WORDS_LENGTH)}…` : line;
}

/** The account is known, and may not do this here. */
export class NoRight extends Misconfigured {}

/** What a no means where nothing else is made of it: 403 is a right that is missing, 404 another entity, the others what was asked. */
export function refusalOf({ status, words }: Extract<ApiAnswer, { ok: false }>, doing: string): Error {
  const said = `Pastell refused ${doing} (${status})${words === '' ? '' : `: ${words}`}.`;
  if (status === 403) return new NoRight(`${said} Ask its administrator for the rights of the account on the entity (docs/connectors/pastell.md).`);
  if (status === 404) return new NoRight(`${said} Check the number of the entity and the document type.`);
  return status < 300 ? new OutcomeUnknown(said) : new Refused(said);
}
