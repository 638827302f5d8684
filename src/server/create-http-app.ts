import express from 'express';
import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from './remote-address.js';

/** One authority's place under the server: SOAP by POST, its WSDL by GET. */
export interface SoapMount {
  /** Empty for the default authority, `/<id>` for another. */
  readonly path: string;
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The WSDL text with the address that this request used, or the configured public one. */
  wsdl(request: IncomingMessage): string;
}

export interface HttpAppParts {
  readonly mounts: readonly SoapMount[];
  /** What keeps the server from taking items, in plain words; empty when it is ready. */
  readiness(): Promise<readonly string[]>;
  readonly metrics: { readonly contentType: string; text(): Promise<string>; readonly public: boolean };
}

/** Routes: SOAP and WSDL of every authority, `/healthz` (the process lives), `/readyz` (it takes items), `/metrics`
 * (Prometheus; to this machine only unless made public). Never redirects: SOAP clients turn a redirected POST into a
 * GET (contracts/wsclient.md §1.1). */
export function createHttpApp(parts: HttpAppParts): express.Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  // SOAP first: nothing may stand between a large body and its reader.
  for (const mount of parts.mounts) mountSoap(app, mount);
  app.use(helmet());
  app.get('/healthz', (_request, response) => { response.json({ status: 'ok' }); });
  app.get('/readyz', async (_request, response) => {
    const problems = await parts.readiness();
    response.status(problems.length === 0 ? 200 : 503).json({ status: problems.length === 0 ? 'ready' : 'not ready', problems });
  });
  app.get('/metrics', async (request, response) => {
    if (!parts.metrics.public && !isLoopback(request.socket.remoteAddress)) { response.sendStatus(404); return; }
    response.type(parts.metrics.contentType).send(await parts.metrics.text());
  });
  app.use((_request, response) => { response.status(404).type('text/plain').send('Not found. The WSDL is at /ws4pm.wsdl\n'); });
  return app;
}

function mountSoap(app: express.Express, mount: SoapMount): void {
  const handle = (request: express.Request, response: express.Response): Promise<void> => mount.handle(request, response);
  const sendWsdl = (request: express.Request, response: express.Response): void => {
    response.type('text/xml; charset=utf-8').send(mount.wsdl(request));
  };
  // `/@@ws4pm.wsdl` is how Plone also names the page (contracts/ws4pm.md §1.1).
  app.get([`${mount.path}/ws4pm.wsdl`, `${mount.path}/@@ws4pm.wsdl`], sendWsdl);
  app.get([`${mount.path}/ws4pm`, `${mount.path}/`], (request, response, next) => {
    if ('wsdl' in request.query || 'WSDL' in request.query) sendWsdl(request, response);
    else next();
  });
  const endpoints = ['', '/', '/ws4pm', '/ws4pm/', '/ws4pm.wsdl', '/@@ws4pm.wsdl'].map((suffix) => mount.path + suffix);
  app.post(endpoints.filter((path) => path !== ''), handle);
}
