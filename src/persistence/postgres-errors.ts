import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { RelaisError } from '../errors.js';
import { unavailable } from './engine.js';

/** What PostgreSQL's error codes mean (appendix A of its manual). Nothing of the address of the server gets into a message:
 * the password is in it. */

/** The server is gone, restarts or has no connection left. What had begun was undone. */
const GONE = /^(08...|57P0[1-5]|53300|25P0[34])$/;
const SOCKET_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT']);
/** The client has no codes for these. */
const GONE_MESSAGES = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed|Query read timeout|Cannot use a pool after)/i;
/** Deadlock, serialization failure. */
const COLLISION = /^40(001|P01)$/;

const UNAVAILABLE: readonly (readonly [code: RegExp, message: string])[] = [
  [GONE, 'the database server cannot be reached'],
  [COLLISION, 'the database is changed by too many at once'],
  [/^55P03$/, 'the database is locked by another program'],
  [/^57014$/, 'the database took too long'],
  [/^53100$/, 'no room left for the database'],
  [/^(53...|54...|58...|25006|XX000)$/, 'the database cannot be read or written'],
  [/^28...$/, 'the database server refuses the user or the password'],
  [/^3D000$/, 'the database server has no database of that name'],
  [/^(42501)$/, 'the user of the database may not do what Relais needs'],
];

/** True if the connection was lost or could not be made. */
export function isConnectionLost(error: unknown): boolean {
  const cause = driverError(error);
  if (cause instanceof QueryRunnerAlreadyReleasedError || cause instanceof QueryRunnerProviderAlreadyReleasedError) return true;
  if (!(cause instanceof Error)) return false;
  const code = codeOf(cause);
  return GONE.test(code) || SOCKET_CODES.has(code) || GONE_MESSAGES.test(cause.message);
}

/** True if two transactions stood in each other's way and the server undid this one. */
export function isCollision(error: unknown): boolean {
  return COLLISION.test(codeOf(driverError(error)));
}

/** Errors of the server as a whole become catalogue errors; those of one statement (a constraint) stay what they are. */
export function asStoreError(error: unknown): unknown {
  if (isConnectionLost(error)) return unavailable('the database server cannot be reached', error);
  const code = codeOf(driverError(error));
  if (/^XX00[12]$/.test(code)) return new RelaisError('RELAIS_STORE_CORRUPT', 'the database is damaged', { cause: error });
  const message = UNAVAILABLE.find(([pattern]) => pattern.test(code))?.[1];
  return message === undefined ? error : unavailable(message, error);
}

function driverError(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
