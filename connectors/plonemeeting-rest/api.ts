import type { Readable } from 'node:stream';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, NotSent, OutcomeUnknown, Refused, type Failure } from '../../src/connector-api/failures.js';
import { retryAfterMs } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { ownAddress } from './address.js';
import { errorWords, readJson, type ErrorWords } from './answers.js';
import type { RestSettings } from './config.js';
import { queryText, type Query } from './query.js';

/** One answer with everything may hold images within its texts. */
const LONGEST_ANSWER = 64 * 2 ** 20;
const LONGEST_ERROR = 256 * 1024;

/** How often a call may be sent on, within PloneMeeting. */
const MOST_REDIRECTS = 3;

export interface Call {
  readonly method?: HttpRequest['method'];
  /** Below the address of PloneMeeting, beginning with a slash; its parts are encoded. Or an address that PloneMeeting gave. */
  readonly path: string;
  readonly query?: Query;
  readonly json?: { readonly body: string | Readable; readonly bytes: number };
  /** Size of the files that travel, either way: they get more time. */
  readonly fileBytes?: number;
}

/** What a call that was answered with an error was answered with. */
export interface Rejection extends ErrorWords {
  readonly status: number;
  /** How long to wait, where it says so. */
  readonly waitMs: number | undefined;
  /** As it came, for a status that is an error while something was done all the same. */
  readonly text: string;
}

export type Answered = { readonly status: number; readonly body: unknown } | { readonly rejected: Rejection };

/** Calls to PloneMeeting with the account of the settings. */
export interface Api {
  readonly who: string;
  /** The answer as JSON (null where it is empty), or the error. Throws OutcomeUnknown for what is cut or no JSON. */
  ask(call: Call): Promise<Answered>;
  /** The answer of 200 alone as JSON; throws what another one means. */
  read(call: Call): Promise<unknown>;
  /** A whole answer, whatever its status and type. */
  open(call: Call): Promise<HttpAnswer>;
  /** The error that an answer without success is. Reads it. */
  rejection(answer: HttpAnswer): Promise<Rejection>;
  /** What an error means where nothing more is known. Asks who we are, for a 401 and for a page. */
  failure(rejected: Rejection): Promise<Failure>;
}

type Parts = Pick<ConnectorContext, 'http' | 'clock'>;

/** `isKnown` asks PloneMeeting whether it knows the account: a 401 for a role and one for the password look the same. */
export function createApi(settings: RestSettings, { http, clock }: Parts, isKnown: () => Promise<boolean>): Api {
  const who = new URL(settings.url).origin;
  const authorization = `Basic ${Buffer.from(`${settings.login}:${settings.password}`, 'utf8').toString('base64')}`;

  async function open({ method = 'GET', path, query = {}, json, fileBytes }: Call): Promise<HttpAnswer> {
    const asked = path.startsWith('/') ? `${settings.url}${path}` : ownAddress(path, settings.url);
    let url = `${asked}${queryText(query)}`;
    // Without the first, Zope publishes a page and knows no endpoint; without the second, it sees no body (contracts/plonemeeting-rest.md §1).
    const headers = { accept: 'application/json', authorization, ...(json !== undefined && { 'content-type': 'application/json', 'content-length': String(json.bytes) }) };
    for (let left = method === 'GET' ? MOST_REDIRECTS : 0; ; left -= 1) {
      const answer = await http({ method, url, headers, ...(json !== undefined && { body: json.body }), ...reachOf(settings, fileBytes) });
      const target = redirectOf(answer);
      if (target === null) return answer;
      answer.body.destroy();
      if (left === 0 || isLogin(target)) throw sentElsewhere(target);
      url = ownAddress(new URL(target, url).href, settings.url);
    }
  }

  function sentElsewhere(location: string): Failure {
    if (isLogin(location)) return accountRefused();
    return new Misconfigured(`${who} sends requests elsewhere. Setting «url»: give the final address of PloneMeeting.`);
  }

  function accountRefused(): Misconfigured {
    return new Misconfigured(`${who} does not accept the account «${settings.login}». Settings «login» and «password»: give those of a user of PloneMeeting.`);
  }

  async function ask(call: Call): Promise<Answered> {
    const answer = await open(call);
    if (answer.status >= 300) return { rejected: await rejection(answer) };
    const text = await answer.text(LONGEST_ANSWER);
    return { status: answer.status, body: text.trim() === '' ? null : readJson(text, who) };
  }

  async function read(call: Call): Promise<unknown> {
    const answered = await ask(call);
    if ('rejected' in answered) throw await failure(answered.rejected);
    return answered.body;
  }

  async function rejection(answer: HttpAnswer): Promise<Rejection> {
    const text = await answer.text(answer.status === 403 ? LONGEST_ANSWER : LONGEST_ERROR);
    return { status: answer.status, waitMs: retryAfterMs(answer, clock.now()), text, ...errorWords(text) };
  }

  async function failure(rejected: Rejection): Promise<Failure> {
    const { status, message, isJson } = rejected;
    const said = `${who} answered ${status}${message === '' ? '' : `: ${message}`}`;
    if (status === 401) {
      if (!await isKnown()) return accountRefused();
      return new Refused(`${said}. The account «${settings.login}» lacks a role: make it MeetingManager of the meeting config (a member of <config>_meetingmanagers), or Manager.`);
    }
    const plain = byStatus(rejected, said);
    if (plain !== null) return plain;
    if (status === 404 && /^Resource not found/i.test(message)) return new Misconfigured(`${said}. There is no plonemeeting.restapi at the address of setting «url».`);
    if (!isJson) return await speaksOtherwise() ? heldUp(said) : notPloneMeeting(said);
    return new Refused(`${said}.`);
  }

  /** Whether PloneMeeting itself answers at the address: then a page in place of an answer is about the one request. */
  async function speaksOtherwise(): Promise<boolean> {
    return await isKnown().catch(() => false);
  }

  return { who, ask, read, open, rejection, failure };
}

/** What a status says by itself. */
function byStatus({ status, waitMs }: Rejection, said: string): Failure | null {
  if (status === 429 || status === 503) return new NotSent(`${said}.`, waitMs === undefined ? {} : { retryAfterMs: waitMs });
  if (status >= 500) return new OutcomeUnknown(`${said}.`);
  if (status === 413) return new Refused(`${said}. What stands before PloneMeeting takes no request of that size: let it take larger ones, or send smaller files.`);
  if (status === 414 || status === 431) return new Refused(`${said}. An identifier is too long to be asked for: let what stands before PloneMeeting take longer addresses, or shorten it.`);
  return null;
}

/** Whatever answers here is another system. */
export function notPloneMeeting(said: string): Misconfigured {
  return new Misconfigured(`${said}. That is not PloneMeeting: check setting «url», and what stands before it.`);
}

/** One request that is held up must not hold up all the others; whether it is for good, nobody says. */
function heldUp(said: string): OutcomeUnknown {
  return new OutcomeUnknown(`${said}. What stands before PloneMeeting holds up this request and lets others through: its log says why.`);
}

/** Where content that moved is now (301, 308). */
function redirectOf({ status, headers: { location } }: HttpAnswer): string | null {
  return status >= 300 && status < 400 && location !== undefined ? location : null;
}

/** Where Plone sends those whom it does not know. */
function isLogin(location: string): boolean {
  return /\/(?:require_login|login(?:_form)?|acl_users\/\S*)(?:[/?#]|$)/.test(location);
}
