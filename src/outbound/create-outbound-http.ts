import { isIP, type LookupFunction } from 'node:net';
import { Misconfigured } from '../connector-api/failures.js';
import type { HttpAnswer, HttpCall, HttpRequest } from '../connector-api/http.js';
import { createAgentPool, type AgentPool } from './agent-pool.js';
import { exchange } from './exchange.js';
import { failureOf } from './failure-of.js';
import { isPublicAddress, NotPublic } from './public-address.js';

export interface OutboundHttp {
  /** HTTP for one attempt: when the signal aborts, what is under way ends, bodies of answers included. */
  callFor(signal: AbortSignal): HttpCall;
  /** Ends all connections. */
  close(): void;
}

export interface OutboundHttpOptions {
  /** Milliseconds until a connection must stand, TLS included; 10,000 if not given. */
  readonly connectMs?: number;
  /** Resolves names; the system's resolver if not given. What it answers is still checked. */
  readonly lookup?: LookupFunction;
}

const CONNECT_MS = 10_000;
const TIMEOUT_MS = 30_000;

/** What may follow a redirect to another origin; all else may be a credential. */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'accept-language', 'user-agent']);

/** Outbound HTTP for connectors. Environment variables for proxies are not heeded. */
export function createOutboundHttp({ connectMs = CONNECT_MS, lookup }: OutboundHttpOptions = {}): OutboundHttp {
  const agents = createAgentPool(lookup);
  return {
    callFor: (signal) => (request) => callWith(agents, request, signal, connectMs),
    close: () => agents.close(),
  };
}

async function callWith(agents: AgentPool, first: HttpRequest, signal: AbortSignal, connectMs: number): Promise<HttpAnswer> {
  let request = first;
  let url = addressOf(first.url);
  const { timeoutMs = TIMEOUT_MS } = first;
  const started = performance.now();
  for (let left = first.maxRedirects ?? 0; ; left -= 1) {
    requirePublic(url, request);
    const leftMs = Math.max(1, timeoutMs - Math.round(performance.now() - started));
    const answer = await exchange(request, url, { agent: agents.agentFor(url, request), signal, connectMs, totalMs: leftMs });
    const target = redirectOf(answer, request, url);
    if (target === null || left === 0) return answer;
    answer.body.destroy();
    if (url.protocol === 'https:' && target.protocol === 'http:') throw new Misconfigured(`${url.origin} redirects to ${target.origin}, without encryption: that is not followed.`);
    if (target.origin !== url.origin) request = forAnotherOrigin(request, target.hostname === url.hostname);
    url = target;
  }
}

/** Names are checked when they are resolved; an address in the URL itself never is. */
function requirePublic(url: URL, { allowPrivate }: HttpRequest): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (allowPrivate !== true && isIP(host) !== 0 && !isPublicAddress(host)) throw failureOf(new NotPublic(host), url.origin, false);
}

function addressOf(text: string, base?: URL): URL {
  if (!URL.canParse(text, base)) throw new Misconfigured('The address of a request is not a URL: something like https://host/path is needed.');
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Misconfigured(`Only http and https addresses can be called, not «${url.protocol}».`);
  if (url.username !== '' || url.password !== '') throw new Misconfigured(`The address of ${url.host} holds a user or a password; they belong into their own settings.`);
  return url;
}

function redirectOf({ status, headers }: HttpAnswer, { method }: HttpRequest, from: URL): URL | null {
  const { location } = headers;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status) || !['GET', 'HEAD'].includes(method)) return null;
  return addressOf(location, from);
}

/** Where somebody else sends us, nothing is shown of ours, and a private network is out of reach again. */
function forAnotherOrigin({ headers = {}, tls, allowPrivate = false, ...request }: HttpRequest, sameHost: boolean): HttpRequest {
  const harmless = Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase()));
  return { ...request, headers: Object.fromEntries(harmless), allowPrivate: allowPrivate && sameHost, ...(tls?.ca !== undefined && { tls: { ca: tls.ca } }) };
}
