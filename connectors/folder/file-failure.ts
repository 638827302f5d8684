import { isFailure, Misconfigured, NotSent, type Failure } from '../../src/connector-api/failures.js';

const TO_CORRECT: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it does not exist (create it, or mount the share)'],
  ['ENOTDIR', 'it is not a folder'],
  ['EACCES', 'Relais may not write there'],
  ['EPERM', 'Relais may not write there'],
  ['EROFS', 'it is read-only'],
]);

const TO_WAIT_FOR: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota is used up'],
]);

/** What a failed file operation under `path` means for the delivery. */
export function fileFailure(error: unknown, path: string): Failure {
  if (isFailure(error)) return error;
  const code = codeOf(error);
  const toCorrect = TO_CORRECT.get(code);
  if (toCorrect !== undefined) return new Misconfigured(`The folder «${path}» cannot be used: ${toCorrect}.`, { cause: error });
  return new NotSent(`Nothing could be written to «${path}»: ${TO_WAIT_FOR.get(code) ?? code}.`, { cause: error });
}

/** Code of a file operation (`ENOENT` …), as a message shows it. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'an unknown error';
}
