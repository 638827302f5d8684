import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { answerBytes } from '../../src/connector-api/answer-bytes.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown } from '../../src/connector-api/failures.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import type { PloneDmsSettings } from './config.js';
import { readError, type PloneError } from './read-error.js';

const LONGEST_ANSWER = 4 * 2 ** 20;

export interface PloneRequest {
  readonly method: HttpRequest['method'];
  /** Address of an object of the site, as the site gave it, or the site itself. */
  readonly at: string;
  /** `/@search?…`, or what else follows the address. */
  readonly service?: string;
  readonly body?: { readonly headers: Readonly<Record<string, string>>; readonly body: string | Readable };
  /** Size of the files that travel with it. */
  readonly bytes?: number;
}

/** One call after another to a Plone site (plone.restapi). */
export interface PloneApi {
  /** The JSON that is answered with 200 or 201, `undefined` for 204. Throws what any other answer means, and Misconfigured for a page in
   * place of JSON. */
  ask(request: PloneRequest): Promise<unknown>;
  /** As `ask`, where a 400 is an answer of its own. */
  tryTo(request: PloneRequest): Promise<{ readonly answered: unknown } | { readonly refused: PloneError }>;
}

export function jsonBody(value: object): NonNullable<PloneRequest['body']> {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** plone.restapi answers only who asks for JSON, on every call, and else gives a page (contracts/plonemeeting-rest.md §1). */
export function ploneApi(settings: PloneDmsSettings, { http, clock }: Pick<ConnectorContext, 'http' | 'clock'>): PloneApi {
  const who = new URL(settings.url).origin;
  const authorization = `Basic ${Buffer.from(`${settings.login}:${settings.password}`).toString('base64')}`;

  function call({ method, at, service = '', body, bytes }: PloneRequest): Promise<HttpAnswer> {
    requireOwn(at, settings);
    return http({
      method, url: `${at}${service}`, headers: { ...body?.headers, accept: 'application/json', authorization },
      ...(body !== undefined && { body: body.body }), ...reachOf(settings, bytes),
    });
  }

  async function tryTo(request: PloneRequest): ReturnType<PloneApi['tryTo']> {
    const answer = await call(request);
    const { status } = answer;
    if (status === 204) {
      answer.body.destroy();
      return { answered: undefined };
    }
    if (status === 200 || status === 201) return { answered: await readJson(answer, who) };
    if (status === 400) return { refused: readError(await answer.text(LONGEST_ANSWER)) };
    throw await httpFailure(answer, who, clock.now());
  }

  return {
    tryTo,
    async ask(request) {
      const outcome = await tryTo(request);
      if ('answered' in outcome) return outcome.answered;
      throw outcome.refused.failure(who);
    },
  };
}

/** An address that the site gave: credentials go nowhere else. A site behind a proxy that it does not know of gives wrong ones. */
function requireOwn(at: string, { url }: PloneDmsSettings): void {
  if (at === url || at.startsWith(`${url}/`)) return;
  throw new Misconfigured(`The site says that its content is at ${at.slice(0, 200)}, which is not below ${url}. Give the address by which the site knows itself.`);
}

async function readJson(answer: HttpAnswer, who: string): Promise<unknown> {
  const isJson = (answer.headers['content-type'] ?? '').includes('json');
  const text = (await answerBytes(answer, LONGEST_ANSWER, who)).toString('utf8');
  if (!isJson) throw new Misconfigured(`${who} answered a page in place of JSON. Check the address, and that plone.restapi is installed there.`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new OutcomeUnknown(`${who} answered what is no JSON.`, { cause: error });
  }
}

/** Reads what must be there. Throws OutcomeUnknown, naming what is wrong. */
export function readAs<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const read = shape.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new OutcomeUnknown(`What the site says of ${what} cannot be used: «${issue?.path.join('.') ?? ''}» ${issue?.message ?? ''}.`);
}
