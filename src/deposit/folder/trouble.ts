import { RelaisError } from '../../errors.js';
import { codeOf } from './disk.js';

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'it is not there; is the share mounted?'],
  ['ENOTDIR', 'it is no folder'],
  ['EACCES', 'Relais may not use it'],
  ['EPERM', 'Relais may not use it'],
  ['EROFS', 'it is read-only, so what was taken cannot be put away'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota is used up'],
]);

const OURS = ['RELAIS_STORE_UNAVAILABLE', 'RELAIS_BLOB_UNAVAILABLE', 'RELAIS_STOPPING'];

/** Why nothing can be taken for now, whatever the file, in plain words: the folder or our own store cannot be used. Null for any other error. */
export function troubleOf(error: unknown): string | null {
  if (error instanceof RelaisError) return OURS.includes(error.code) ? `Relais cannot keep anything now (${error.code})` : null;
  const code = codeOf(error);
  return /^E[A-Z0-9]+$/.test(code) ? REASONS.get(code) ?? `the file system answers ${code}` : null;
}
