import type { IncomingMessage, ServerResponse } from 'node:http';
import type { User } from '../../domain/user.js';
import { RelaisError } from '../../errors.js';
import type { Authenticator } from '../../identity/authenticator.js';
import type { Logger } from '../../platform/logger.js';
import type { DepositOutcome } from '../outcome.js';
import type { DepositParts } from '../take-deposit.js';
import { send, sendProblem, type Answer } from './answer.js';
import { openApiDocument } from './openapi.js';
import { Problem } from './problem.js';
import { receiveFile, receiveForm, optionsOf } from './receive.js';
import { decoded } from './request-headers.js';
import { allowed, destinationOf, type Destination } from './routes.js';
import type { Uploads } from './uploads.js';

/** What an item has become, for whoever deposited it. */
export interface DepositedItem {
  readonly creator: string;
  readonly told: Readonly<Record<string, unknown>>;
}

export interface EndpointParts {
  /** Of the authority: empty, or `/<id>`. */
  readonly path: string;
  /** Those that take files over HTTP. */
  readonly deposits: readonly DepositParts[];
  readonly users: ReadonlyMap<string, User>;
  readonly authenticator: Authenticator;
  readonly realm: string;
  readonly uploads: Uploads;
  readonly version: string;
  /** A body that brings nothing for so long is given up, milliseconds. */
  readonly idleMs: number;
  readonly logger: Logger;
  /** Time that only grows, milliseconds. */
  readonly elapsed: () => number;
  readonly remoteAddressOf: (request: IncomingMessage) => string;
  readonly certificateSubjectOf: (request: IncomingMessage) => string | undefined;
  readonly itemOf: (uid: string) => Promise<DepositedItem | null>;
  readonly onTaken: (deposit: string, outcome: DepositOutcome['state']) => void;
}

/** One request, once it is known who calls and for which deposit. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly account: string;
  readonly isManager: boolean;
  readonly deposit: DepositParts;
  readonly parts: EndpointParts;
}

/** Files over HTTP, below `/deposit` of an authority: `rest` is what follows it in the address. Credentials are looked at before any of the body is taken. Never rejects. */
export function createDepositEndpoint(parts: EndpointParts): (request: IncomingMessage, response: ServerResponse, rest: string) => Promise<void> {
  return async (request, response, rest) => {
    try {
      const destination = destinationOf(rest);
      if (destination === undefined) throw noDeposit();
      const allow = allowed(destination.route);
      if (!allow.includes(request.method ?? '')) throw new Problem(405, 'method', `${request.method ?? ''} is not for this address.`, { headers: { Allow: allow.join(', ') } });
      send(request, response, destination.route === 'description' ? { status: 200, body: openApiDocument(parts) } : await answer(destination, { request, response, parts }));
    } catch (error) {
      sendProblem(request, response, problemOf(error, parts.logger));
    }
  };
}

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parts: EndpointParts;
}

async function answer({ route, deposit: id, last }: Destination, { request, response, parts }: Arrival): Promise<Answer> {
  const { account, isManager } = await callerOf(request, parts);
  const deposit = parts.deposits.find((one) => one.deposit.id === id);
  if (deposit === undefined) throw noDeposit();
  if (!isManager && account !== deposit.deposit.place.creator) throw new Problem(403, 'forbidden', `The account ${account} may not deposit here; the account of this deposit may, and a Manager.`);
  const { uploads } = parts;
  const call: Call = { request, response, account, isManager, deposit, parts };
  if (route === 'upload') return await uploads.answer(call, last);
  if (route === 'item') return await itemAnswer(call, decoded(last));
  if (route === 'file') return await receiveFile(call, decoded(last), uploads);
  return request.method === 'OPTIONS' ? optionsOf(call) : await receiveForm(call, uploads);
}

async function callerOf(request: IncomingMessage, { authenticator, users, realm, remoteAddressOf, certificateSubjectOf, logger }: EndpointParts): Promise<{ readonly account: string; readonly isManager: boolean }> {
  const { authorization } = request.headers;
  const remoteAddress = remoteAddressOf(request);
  const found = await authenticator.authenticate({ authorization, certificateSubject: certificateSubjectOf(request), remoteAddress });
  if (found.ok) return { account: found.userId, isManager: users.get(found.userId)?.roles.includes('Manager') === true };
  if (authorization !== undefined) logger.info('credentials were refused', { remoteAddress });
  throw new Problem(401, 'credentials', 'Send the name and password of an account by HTTP Basic, or a client certificate.', {
    headers: {
      'WWW-Authenticate': `Basic realm="${realm.replace(/["\\]/g, '')}", charset="UTF-8"`,
      ...(found.retryAfterSeconds > 0 ? { 'Retry-After': String(Math.ceil(found.retryAfterSeconds)) } : {}),
    },
  });
}

async function itemAnswer({ deposit, isManager, parts }: Call, uid: string): Promise<Answer> {
  const item = await parts.itemOf(uid);
  if (item === null || (!isManager && item.creator !== deposit.deposit.place.creator)) throw new Problem(404, 'no-item', 'There is no such item.');
  return { status: 200, body: item.told };
}

function noDeposit(): Problem {
  return new Problem(404, 'no-deposit', 'No deposit takes files over HTTP at this address.');
}

/** Unknown failures are logged; their text is not for the caller. */
function problemOf(error: unknown, logger: Logger): Problem {
  if (error instanceof Problem) return error;
  const code = error instanceof RelaisError ? error.code : undefined;
  if (code === 'RELAIS_STORE_UNAVAILABLE' || code === 'RELAIS_STOPPING') {
    logger.warn('A deposit could not be kept', { error });
    return new Problem(503, 'not-now', 'Relais cannot keep anything now. Send it again later.', { headers: { 'Retry-After': '30' } });
  }
  if (code === 'RELAIS_BLOB_UNAVAILABLE' || isFull(error)) {
    logger.error('A deposit found no room', { error });
    return new Problem(507, 'no-room', 'Relais has no room for it now. Nothing was kept.');
  }
  logger.error('A deposit failed', { error });
  return new Problem(500, 'failed', 'Relais failed; its log says why. Nothing was kept.');
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code));
}
