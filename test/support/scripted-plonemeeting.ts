import { createServer, type IncomingMessage } from 'node:http';
import { restSettings, type RestSettings } from '../../connectors/plonemeeting-rest/config.js';
import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { keptFiles, type KeptFiles } from '../../src/connector-kit/kept-files.js';
import { listenOnLoopback } from '../../src/connector-kit/loopback-server.js';
import type { Item } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleItem } from './sample-item.js';

export { failureOf } from './failure-of.js';

export const COLLEGE = 'meeting-config-college';
export const GROUP = 'a'.repeat(32);
export const PASSWORD = 'p@ss wörd:1';

/** One call as it came. */
export interface Heard {
  readonly method: string;
  /** Below the site, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly search: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  /** The connection breaks before the answer. */
  readonly lost?: true;
}

/** What is answered to `METHOD path`; the longest beginning that fits. `undefined` from a function leaves it to the next. */
export type Script = Record<string, Said | ((heard: Heard) => Said | undefined)>;

export interface PloneRig {
  readonly url: string;
  /** Changed by a test at will. */
  readonly script: Script;
  readonly heard: Heard[];
  /** `METHOD path` of all that was asked, `mark` between them. */
  readonly asked: string[];
  readonly logger: RecordingLogger;
  readonly files: KeptFiles;
  readonly context: ConnectorContext;
  /** Puts Relais' clock on. */
  pass(ms: number): void;
  settings(change?: Partial<Record<keyof RestSettings, unknown>>): RestSettings;
  submission(change?: Partial<Item>, fields?: Submission['fields']): Submission;
  /** The only body that was posted to a path, as JSON. */
  posted(path?: string): Record<string, unknown>;
  close(): Promise<void>;
}

export const NOW = Date.UTC(2027, 2, 1, 9);

export function infos(version = '2.13', user: string | null = 'relais'): Said {
  return { body: { connected_user: user, packages: { 'plonemeeting.restapi': version, 'Products.PloneMeeting': '4.2.28' }, stats: {} } };
}

export function creatorIn(...groups: readonly object[]): Said {
  return { body: { id: 'jdupont', extra_include_groups: groups } };
}

export const TRAVAUX = { UID: GROUP, id: 'travaux', full_id: 'technique/travaux', title: 'Travaux' };

/** An item as it is answered. */
export function itemAnswer(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    '@id': 'http://127.0.0.1/Members/jdupont/mymeetings/meeting-config-college/point', 'UID': 'b'.repeat(32), 'id': 'point', 'title': 'Point', 'review_state': 'itemcreated',
    'created': '2027-03-01T09:00:00+00:00', 'modified': '2027-03-01T09:00:00+00:00', ...change,
  };
}

export function listOf(...items: readonly object[]): Said {
  return { body: { '@id': 'x', 'items_total': items.length, items } };
}

/** The connector before a PloneMeeting that says what a test writes. Without more, it knows the account and the group, has no item, and creates one. */
export async function openPloneRig(base = ''): Promise<PloneRig> {
  const heard: Heard[] = [];
  const asked: string[] = [];
  const script: Script = {
    'GET /@infos': infos(), 'GET /@users/': creatorIn(TRAVAUX), 'GET /@search': listOf(), 'GET /@get': { status: 404, body: { error: { type: 'NotFound', message: 'No element found' } } },
    'POST /@item': { status: 201, body: itemAnswer({ '@warnings': [] }) },
  };
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const one: Heard = {
        method: request.method ?? '', path: decodeURIComponent(url.pathname.slice(base.length)), query: url.searchParams, search: url.search, headers: request.headers, body: Buffer.concat(chunks).toString('utf8'),
      };
      heard.push(one);
      asked.push(`${one.method} ${one.path}`);
      const { status = 200, headers = {}, body, lost } = answerTo(script, one);
      if (lost === true) { request.socket.destroy(); return; }
      const bytes = typeof body === 'string' || Buffer.isBuffer(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body ?? null));
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers });
      response.end(bytes);
    })();
  });
  const listening = await listenOnLoopback(server);
  const outbound = createOutboundHttp();
  const files = keptFiles();
  const logger = recordingLogger();
  const { signal } = new AbortController();
  let now = NOW;
  const url = `http://127.0.0.1:${listening.port}${base}`;
  return {
    url, script, heard, asked, logger, files,
    context: { logger, signal, clock: { now: () => now }, callBackUrl: 'http://127.0.0.1:9/callbacks/council', blobs: files.blobs, markSent: () => { asked.push('mark'); return Promise.resolve(); }, http: outbound.callFor(signal) },
    pass: (ms) => { now += ms; },
    settings: (change = {}) => restSettings.parse({ url, login: 'relais', password: PASSWORD, allowPrivate: true, timeoutMs: 5_000, ...change }),
    submission: (change = {}, fields = {}) => ({
      key: 'delivery-1', operation: 'create-item', results: {}, fields: { proposingGroup: 'travaux', ...fields },
      item: sampleItem({ configId: COLLEGE, creator: 'jdupont', createdAt: NOW, uid: 'c0ffee00c0ffee00c0ffee00c0ffee00', id: 'refection-rue-haute', title: 'Réfection de la rue Haute', externalIdentifier: 'GED-1', ...change }),
    }),
    posted: (path = '/@item') => JSON.parse(heard.find((one) => one.method === 'POST' && one.path === path)?.body ?? 'null') as Record<string, unknown>,
    async close() {
      await listening.stop();
      outbound.close();
    },
  };
}

function answerTo(script: Script, heard: Heard): Said {
  const line = `${heard.method} ${heard.path}`;
  for (const key of Object.keys(script).filter((beginning) => line.startsWith(beginning)).toSorted((one, other) => other.length - one.length)) {
    const said = script[key];
    const answer = typeof said === 'function' ? said(heard) : said;
    if (answer !== undefined) return answer;
  }
  return { status: 404, body: { type: 'NotFound', message: 'Resource not found: nobody scripted it' } };
}
