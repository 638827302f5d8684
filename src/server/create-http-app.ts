import express from 'express';
import helmet from 'helmet';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { callBackRoutes, type CallBackParts } from './call-backs.js';
import { isLoopback } from './remote-address.js';

/** One authority's place under the server: SOAP by POST, its WSDL by GET. */
export interface SoapMount {
  /** Empty for the default authority, `/<id>` for another. */
  readonly path: string;
  /** Never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Files that become items, by any method: `rest` is what follows `/deposit` in the address. Absent where nothing is taken. Never rejects. */
  readonly deposit?: ((request: IncomingMessage, response: ServerResponse, rest: string) => Promise<void>) | undefined;
  /** The WSDL text with the address that this request used, or the configured public one. */
  wsdl(request: IncomingMessage): string;
}

export interface HttpAppParts {
  /** Those in force now; the same array until they change. A running request keeps the one that took it. */
  readonly mounts: () => readonly SoapMount[];
  /** What keeps the server from taking items, in plain words; empty when it is ready. */
  readiness(): Promise<readonly string[]>;
  readonly callBacks: CallBackParts;
  readonly metrics: { readonly contentType: string; text(): Promise<string>; readonly public: boolean };
}

/** Where operations are taken (contracts/ws4pm.md §1.1), below the authority's path. */
const ENDPOINTS = ['', '/', '/ws4pm', '/ws4pm/', '/ws4pm.wsdl', '/@@ws4pm.wsdl'];

/** Routes: SOAP and WSDL of every authority, `/healthz` (the process lives), `/readyz` (it takes items), `/metrics`
 * (Prometheus; to this machine only unless made public), deposits, call backs of other sides. Never redirects: SOAP clients turn a redirected POST into a
 * GET (contracts/wsclient.md §1.1). */
export function createHttpApp(parts: HttpAppParts): RequestListener {
  const mountAt = createMountFinder(parts);
  const pages = createPages(parts, mountAt);
  return (request, response) => {
    // SOAP calls are most of the traffic: they go straight to their reader, past the routes of the pages.
    const mount = request.method === 'GET' || request.method === 'HEAD' ? undefined : mountAt(pathOf(request));
    if (mount !== undefined) { void mount.handle(request, response); return; }
    const deposit = depositAt(pathOf(request), parts.mounts());
    if (deposit === undefined) pages(request, response);
    else void deposit.take(request, response, deposit.rest);
  };
}

const DEPOSIT = /^(\/[^/]+)?\/deposit(\/.*)$/;

/** Where files are taken: below the authority's path. */
function depositAt(path: string, mounts: readonly SoapMount[]): { readonly take: NonNullable<SoapMount['deposit']>; readonly rest: string } | undefined {
  const [, authority = '', rest = ''] = DEPOSIT.exec(path) ?? [];
  const take = rest === '' ? undefined : mounts.find((mount) => mount.path === authority)?.deposit;
  return take === undefined ? undefined : { take, rest };
}

type MountFinder = (path: string) => SoapMount | undefined;

/** Looks an endpoint up among the mounts in force; the table is made anew when they change. */
function createMountFinder({ mounts }: HttpAppParts): MountFinder {
  let made: readonly SoapMount[] | undefined;
  let endpoints: ReadonlyMap<string, SoapMount> = new Map();
  return (path) => {
    const current = mounts();
    if (current !== made) {
      made = current;
      endpoints = new Map(current.flatMap((mount) => ENDPOINTS.map((suffix) => [mount.path + suffix, mount] as const)));
    }
    return endpoints.get(path);
  };
}

/** A client that takes us for a proxy sends a whole address (RFC 9112 §3.2.2). */
function pathOf({ url = '/' }: IncomingMessage): string {
  if (!url.startsWith('/')) return URL.canParse(url) ? new URL(url).pathname : url;
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function createPages(parts: HttpAppParts, mountAt: MountFinder): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.use(helmet());
  app.get(/.*/, (request, response, next) => {
    const mount = asksForWsdl(request) ? mountAt(request.path) : undefined;
    if (mount === undefined) next();
    else response.type('text/xml; charset=utf-8').send(mount.wsdl(request));
  });
  app.get('/healthz', (_request, response) => { response.json({ status: 'ok' }); });
  app.get('/readyz', async (_request, response) => {
    const problems = await parts.readiness();
    response.status(problems.length === 0 ? 200 : 503).json({ status: problems.length === 0 ? 'ready' : 'not ready', problems });
  });
  app.get('/metrics', async (request, response) => {
    if (!parts.metrics.public && !isFromThisMachine(request)) { response.sendStatus(404); return; }
    response.type(parts.metrics.contentType).send(await parts.metrics.text());
  });
  app.use(callBackRoutes(parts.callBacks));
  app.use((_request, response) => { response.status(404).type('text/plain').send('Not found. The WSDL is at /ws4pm.wsdl\n'); });
  return app;
}

/** A proxy on this machine speaks from loopback for the whole world. */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  return isLoopback(socket.remoteAddress) && headers['x-forwarded-for'] === undefined && headers.forwarded === undefined;
}

/** `/@@ws4pm.wsdl` is how Plone also names the page (contracts/ws4pm.md §1.1). */
function asksForWsdl({ path, query }: express.Request): boolean {
  return path.endsWith('/ws4pm.wsdl') || path.endsWith('/@@ws4pm.wsdl') || 'wsdl' in query || 'WSDL' in query;
}
