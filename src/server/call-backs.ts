import express from 'express';
import type { AddressBudget } from '../platform/address-budget.js';

/** Where a call back arrived: below the path of an authority, which is empty or `/<id>`. */
export interface CallBackAddress {
  readonly path: string;
  readonly connector: string;
}

/** What came with it. */
export interface ArrivedCallBack {
  readonly token: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** `taken`: what it is about is asked for at once. `unknown`: nobody is called back there. `not-now`: it must be repeated. */
export type CallBackOutcome = 'taken' | 'not-authentic' | 'not-understood' | 'unknown' | 'not-now';

export interface CallBackParts {
  /** Never rejects. */
  readonly take: (address: CallBackAddress, call: ArrivedCallBack) => Promise<CallBackOutcome>;
  readonly remoteAddressOf: (request: express.Request) => string;
  /** Spent by calls that are not authentic. */
  readonly budget: AddressBudget;
}

const LARGEST_BODY = 64 * 1024;
const BODY_MS = 20_000;

const STATUS: Readonly<Record<CallBackOutcome, number>> = { taken: 200, 'not-authentic': 403, 'not-understood': 400, unknown: 404, 'not-now': 503 };

/** Routes for other sides that tell of news: `POST <authority>/callbacks/<connector>/<token>`, any content. The token stands
 * in no answer and in no log. */
export function callBackRoutes({ take, remoteAddressOf, budget }: CallBackParts): express.Router {
  const router = express.Router({ strict: true, caseSensitive: true });
  const places = ['/callbacks/:connector/:token', '/:authority/callbacks/:connector/:token'];
  router.post(places, (request, response, next) => {
    const pause = budget.pauseOf(remoteAddressOf(request));
    if (pause > 0) { answer(response.set('Retry-After', String(Math.ceil(pause / 1000))), 429); return; }
    const timer = setTimeout(() => { request.socket.destroy(); }, BODY_MS);
    request.once('close', () => { clearTimeout(timer); });
    // it asked whether to send its body at all
    if (request.headers.expect !== undefined) response.writeContinue();
    next();
  }, express.raw({ type: () => true, limit: LARGEST_BODY }), async (request, response) => {
    const { authority, connector = '', token = '' } = request.params as Readonly<Record<string, string | undefined>>;
    const outcome = await take({ path: authority === undefined ? '' : `/${authority}`, connector }, { token, headers: headersOf(request), body: bodyOf(request.body) });
    if (outcome !== 'taken' && outcome !== 'not-now') budget.spend(remoteAddressOf(request));
    answer(response, STATUS[outcome]);
  });
  router.all(places, (_request, response) => { answer(response.set('Allow', 'POST'), 405); });
  router.use(answerBrokenRequest);
  return router;
}

/** An answer says no more than its status: whoever guesses learns nothing. */
function answer(response: express.Response, status: number): void {
  response.status(status).json({});
}

function headersOf({ headers }: express.Request): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])));
}

/** Nothing is read where no body was announced. */
function bodyOf(read: unknown): Buffer {
  return Buffer.isBuffer(read) ? read : Buffer.alloc(0);
}

/** A body that is too large, cut or wrongly encoded, or an address that is none. */
function answerBrokenRequest(error: unknown, _request: express.Request, response: express.Response, next: express.NextFunction): void {
  const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;
  if (typeof status !== 'number' || response.headersSent) { next(error); return; }
  answer(response, status);
}
