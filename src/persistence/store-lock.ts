import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { RelaisError } from '../errors.js';
import { asStoreError, isBusy } from './sqlite-dialect.js';

/** Makes this process the only one that opens the store of `folder` for writing; returns how to give it back. The lock
 * is the operating system's, so a killed process leaves none behind. Throws RELAIS_STORE_IN_USE,
 * or RELAIS_STORE_UNAVAILABLE where nothing can be written. */
export function lockStore(folder: string): () => void {
  let lock: Database | undefined;
  try {
    lock = new Sqlite(path.join(folder, 'relais.lock'), { timeout: 0 });
    lock.pragma('locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if (!isBusy(error)) throw asStoreError(error);
    throw new RelaisError('RELAIS_STORE_IN_USE', `another Relais already uses the data folder ${path.basename(folder)}; stop it first, or give this one a folder of its own`, { cause: error });
  }
  const held = lock;
  return () => held.close();
}
