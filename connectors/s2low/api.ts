import { answerBytes } from '../../src/connector-api/answer-bytes.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { multipartBody, type FormPart } from '../../src/connector-api/multipart.js';
import { isPage, readApiAnswer, type ApiAnswer } from './answer-text.js';
import { requireCertificate } from './certificate.js';
import type { S2lowSettings } from './config.js';
import { redirectFailure } from './redirect-failure.js';

const LARGEST_ANSWER = 16 * 2 ** 20;

/** Values of a query; a list gives its name once for each. */
export type Query = Readonly<Record<string, string | number>>;

type Context = Pick<ConnectorContext, 'http' | 'clock' | 'signal' | 'blobs'>;

/** Calls of S2LOW. Each throws Misconfigured for a certificate that does not hold and for an account that is not let in, OutcomeUnknown for
 * a page in place of an answer. */
export interface Api {
  readonly who: string;
  /** The answer to a GET, whole; status 200. */
  read(path: string, query?: Query): Promise<Buffer>;
  /** The answer to a GET as it is. `bytes`: how large the file may be that comes, for the time that it gets. */
  open(path: string, query?: Query, bytes?: number): Promise<HttpAnswer>;
  /** An OK or KO to a GET. */
  ask(path: string, query?: Query): Promise<ApiAnswer>;
  /** The answer to a form, whole. `api=1` goes first: without it, nobody learns what became of it (contracts/s2low.md §2). */
  send(path: string, parts: readonly FormPart[]): Promise<Buffer>;
  /** An OK or KO to a form. */
  post(path: string, parts: readonly FormPart[]): Promise<ApiAnswer>;
  /** Throws Misconfigured unless the account is let in. Asked before anything is handed over, and to tell an account that was refused from a
   * business that was: words must not be compared (§2). */
  requireAccess(): Promise<void>;
  /** What a KO to a question means: Misconfigured where the account is not let in, else Refused. */
  refusal(words: string): Promise<Error>;
}

export function createApi(settings: S2lowSettings, context: Context): Api {
  const who = new URL(settings.url).origin;

  function address(path: string, query: Query): string {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
    return `${settings.url}${path}${search === '' ? '' : `?${search}`}`;
  }

  function open(path: string, query: Query = {}, bytes = 0): Promise<HttpAnswer> {
    requireCertificate(settings, context.clock.now());
    return context.http({ method: 'GET', url: address(path, query), headers: credentials(settings), ...reachOf(settings, bytes) });
  }

  async function read(path: string, query: Query = {}): Promise<Buffer> {
    return await whole(await open(path, query));
  }

  async function whole(answer: HttpAnswer): Promise<Buffer> {
    if (answer.status >= 300 && answer.status < 400) throw redirectFailure(answer, who);
    if (answer.status !== 200) throw await httpFailure(answer, who, context.clock.now());
    return await answerBytes(answer, LARGEST_ANSWER, who);
  }

  async function send(path: string, parts: readonly FormPart[]): Promise<Buffer> {
    requireCertificate(settings, context.clock.now());
    const bytes = parts.reduce((sum, part) => sum + ('annex' in part ? part.annex.size : 0), 0);
    const { headers, body } = multipartBody([field('api', '1'), ...parts], context, { encoding: 'latin1' });
    return await whole(await context.http({ method: 'POST', url: address(path, {}), headers: { ...headers, ...credentials(settings) }, body, ...reachOf(settings, bytes) }));
  }

  async function requireAccess(): Promise<void> {
    const answer = understood(await read('/api/test-connexion.php'), who);
    if (!answer.ok) throw new Misconfigured(`${who} does not let the account in: «${answer.words}». Check the certificate, the login and the password.`);
  }

  return {
    who, open, read, send, requireAccess,
    ask: async (path, query = {}) => understood(await read(path, { ...query, api: 1 }), who),
    post: async (path, parts) => understood(await send(path, parts), who),
    async refusal(words) {
      await requireAccess();
      return new Refused(`S2LOW answers: «${words}».`);
    },
  };
}

/** A field of a form. */
export function field(name: string, text: string): FormPart {
  return { name, text, mediaType: 'text/plain' };
}

function understood(bytes: Buffer, who: string): ApiAnswer {
  const answer = readApiAnswer(bytes);
  if (answer === null) throw notAnAnswer(bytes, who);
  return answer;
}

/** What is neither OK nor KO: a login page or a maintenance page comes with status 200 as well. */
export function notAnAnswer(bytes: Uint8Array, who: string): OutcomeUnknown {
  const found = isPage(bytes) ? 'a page for people (a maintenance, or a login)' : 'something that is no answer of S2LOW';
  return new OutcomeUnknown(`${who} answered with ${found}. If that lasts, check the address.`);
}

/** Sent with every request: the platform never asks for it. In ISO-8859-1, as it reads it (§1). */
function credentials({ login, password }: S2lowSettings): Readonly<Record<string, string>> {
  return login === undefined ? {} : { authorization: `Basic ${Buffer.from(`${login}:${password ?? ''}`, 'latin1').toString('base64')}` };
}
