import { isFailure, Misconfigured, NotSent, type Failure } from '../../src/connector-api/failures.js';
import type { SftpSettings } from './config.js';

/** Answers of an SFTP server, by their number in version 3 of the protocol; the last three are of later versions, and some
 * servers give them all the same. */
export const STATUS = { noSuchFile: 2, permissionDenied: 3, failure: 4, unsupported: 8, writeProtected: 12, noSpace: 14, quota: 15 } as const;

const TO_CORRECT: ReadonlyMap<number, string> = new Map([
  [STATUS.noSuchFile, 'it does not exist over there'],
  [STATUS.permissionDenied, 'the account may not write there'],
  [STATUS.unsupported, 'the server does not support what is needed'],
  [STATUS.writeProtected, 'it is read-only'],
]);

const TO_WAIT_FOR: ReadonlyMap<number, string> = new Map([
  [STATUS.failure, 'the server failed without a reason, often a full disk or quota'],
  [STATUS.noSpace, 'the disk is full'],
  [STATUS.quota, 'the quota is used up'],
]);

/** Number that the server answered; undefined when it did not answer. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** What a failed operation under `path` means for a delivery that is not marked. */
export function sftpFailure(error: unknown, path: string): Failure {
  if (isFailure(error)) return error;
  const status = statusOf(error);
  const toCorrect = TO_CORRECT.get(status ?? -1);
  if (toCorrect !== undefined) return new Misconfigured(`The folder «${path}» of the SFTP server cannot be used: ${toCorrect}.`, { cause: error });
  return new NotSent(`Nothing could be written to «${path}» of the SFTP server: ${reasonOf(error)}.`, { cause: error });
}

/** Why an operation failed, for an operator. */
export function reasonOf(error: unknown): string {
  const status = statusOf(error);
  if (status === undefined) return 'the connection was lost';
  return TO_CORRECT.get(status) ?? TO_WAIT_FOR.get(status) ?? `it answered error ${status}`;
}

/** Why no session came about. `seen` is the fingerprint that the server showed, if it came that far. */
export function connectFailure(error: unknown, settings: SftpSettings, seen: string | undefined): Failure {
  const server = `${settings.host}:${settings.port}`;
  if (seen !== undefined && seen !== settings.hostKey) return unknownHost(server, settings.hostKey, seen);
  const { level, message } = detailsOf(error);
  if (level === 'client-authentication') {
    const by = settings.password === undefined ? 'private key' : 'password';
    return new Misconfigured(`The SFTP server ${server} does not let «${settings.user}» in: check the user and the ${by}.`, { cause: error });
  }
  if (level === 'handshake' && message.includes('no matching')) return new Misconfigured(`The SFTP server ${server} and Relais have no common method of encryption.`, { cause: error });
  return new NotSent(`The SFTP server ${server} could not be reached: ${unreachable(error)}.`, { cause: error });
}

function unknownHost(server: string, expected: string | undefined, seen: string): Misconfigured {
  if (expected === undefined) return new Misconfigured(`The setting hostKey is missing. The SFTP server ${server} shows the key «${seen}»: have it confirmed by its administrator, then write it as hostKey.`);
  return new Misconfigured(`The SFTP server ${server} shows the key «${seen}», not «${expected}» of hostKey. Have it confirmed by its administrator before changing the setting: somebody may be in between.`);
}

function unreachable(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return detailsOf(error).level === 'client-timeout' ? 'it did not answer in time' : 'the connection was lost';
}

/** `level` is how ssh2 says where a connection failed. */
function detailsOf(error: unknown): { level: string; message: string } {
  if (!(error instanceof Error)) return { level: '', message: '' };
  return { level: 'level' in error && typeof error.level === 'string' ? error.level : '', message: error.message };
}
