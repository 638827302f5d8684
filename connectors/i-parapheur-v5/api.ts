import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import type { V5Settings } from './config.js';
import { withoutToken } from './hide-token.js';
import { readPage } from './page.js';
import type { TokenKeeper } from './token.js';

const PREFIX = '/api/standard/v1';

/** Rows asked for at once, and an end to pages that never end. */
const PAGE_SIZE = 200;
const MOST_PAGES = 1000;
const MOST_READINGS = 3;
const LONGEST_PAGE = 4 * 2 ** 20;

export interface ApiRequest {
  readonly method: HttpRequest['method'];
  /** Below the prefix, beginning with `/tenant`; its parts are encoded. */
  readonly path: string;
  readonly accept?: string;
  /** Size of the files that travel with it, either way: they get more time. */
  readonly bytes?: number;
  /** Made anew when the request is repeated with another token. */
  readonly body?: () => { readonly headers: Readonly<Record<string, string>>; readonly body: string | Readable };
}

/** One call after another to i-Parapheur, with a token. */
export interface Api {
  /** Any status but 401 is an answer; that leads to a new token and one more try, then to Misconfigured. */
  call(request: ApiRequest): Promise<HttpAnswer>;
  /** All rows of a list, which may change while it is read: it is read again where its count shows that. Throws OutcomeUnknown for one
   * that does not hold still. */
  rows<Row>(path: string, row: z.ZodType<Row>): Promise<readonly Row[]>;
  /** What an answer without success means. Reads it. */
  failure(answer: HttpAnswer): Promise<Error>;
}

/** A value as one element of a path. */
export function element(value: string): string {
  return encodeURIComponent(value);
}

export function createApi(settings: V5Settings, tokens: TokenKeeper, context: Pick<ConnectorContext, 'http' | 'clock' | 'signal'>): Api {
  const who = new URL(settings.url).origin;
  const used = new Set<string>();

  function attempt({ method, path, accept = 'application/json', bytes, body }: ApiRequest, bearer: string): Promise<HttpAnswer> {
    const sent = body?.();
    used.add(bearer);
    return context.http({
      method, url: `${settings.url}${PREFIX}${path}`, headers: { ...sent?.headers, accept, authorization: `Bearer ${bearer}` },
      ...(sent !== undefined && { body: sent.body }), ...reachOf(settings, bytes),
    });
  }

  async function call(request: ApiRequest): Promise<HttpAnswer> {
    const fresh = request.body !== undefined && (request.bytes ?? 0) > 0;
    const bearer = await tokens.bearer(context, { fresh });
    const answer = await attempt(request, bearer);
    if (answer.status !== 401) return answer;
    answer.body.destroy();
    tokens.refused(bearer);
    const second = await attempt(request, await tokens.bearer(context));
    if (second.status === 401) throw await failure(second);
    return second;
  }

  async function failure(answer: HttpAnswer): Promise<Error> {
    const said: Error = await httpFailure(answer, who, context.clock.now());
    return [...used].reduce(withoutToken, said);
  }

  async function rows<Row>(path: string, row: z.ZodType<Row>): Promise<readonly Row[]> {
    for (let times = 0; times < MOST_READINGS; times += 1) {
      const read = await readOnce(path, row);
      if (read !== null) return read;
    }
    throw new OutcomeUnknown(`${who} changes a list all the while it is read.`);
  }

  /** Null where rows came or went meanwhile, so that one may have slipped from a page that was still to come to one that was read. */
  async function readOnce<Row>(path: string, row: z.ZodType<Row>): Promise<readonly Row[] | null> {
    const all: Row[] = [];
    let total: number | null = null;
    for (let number = 0; number < MOST_PAGES; number += 1) {
      const answer = await call({ method: 'GET', path: `${path}${path.includes('?') ? '&' : '?'}page=${number}&size=${PAGE_SIZE}` });
      if (answer.status !== 200) throw await failure(answer);
      const page = readPage(row, await answer.text(LONGEST_PAGE), number, who);
      if (total !== null && page.total !== total) return null;
      total = page.total;
      all.push(...page.content);
      if (page.last) return all;
    }
    throw new OutcomeUnknown(`${who} gives a list of more than ${MOST_PAGES} pages.`);
  }

  return { call, rows, failure };
}
