import type { DataSource, QueryRunner } from 'typeorm';
import { RelaisError } from '../errors.js';
import type { TextIndex } from './text-index.js';

/** Milliseconds, epoch: the store's clock. An SQL function on both engines, so that a test can set the time. */
export const NOW = 'relais_now()';

/** Behind a SELECT: keeps other transactions from changing its rows until the commit. A comment for SQLite, where nobody else
 * can; PostgreSQL is told without it. New rows may refer to the locked ones. */
export const FOR_UPDATE = '/* FOR NO KEY UPDATE */';

/** What the two databases spell differently. The statements of the stores are the same for both: `?` stands for a value,
 * rows come back from RETURNING, numbers and booleans are those of JavaScript where row-access reads them. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres';
  /** Condition: `column` is one of a list of texts, given as a JSON array in one placeholder, so that the prepared statement is
   * found again whatever the length of the list. */
  amongTexts(column: string): string;
  /** Statement that makes other processes wait until this transaction has ended, for one key (a placeholder); null where
   * only one transaction writes at a time. */
  readonly lockKey: string | null;
  readonly text: TextIndex;
}

/** A database, with what the transaction door must know of it. */
export interface Engine {
  readonly dialect: Dialect;
  readonly writer: DataSource;
  /** Sees what is committed only, and cannot write. */
  readonly reader: DataSource;
  /** Run first in a transaction, so that no work fails half-way for want of a lock or a connection. Resolves with the name
   * of the transaction for `wasCommitted`. */
  enter(runner: QueryRunner): Promise<string>;
  /** True for an error after which the same may be tried again soon: a lock held elsewhere, a server that restarts. */
  isPassing(error: unknown): boolean;
  /** True if transactions stood in each other's way and this one was undone: the same works may run once more. */
  isCollision(error: unknown): boolean;
  /** Whether a transaction took place whose commit got no answer. False too where nobody can tell. */
  wasCommitted(transaction: string): Promise<boolean>;
  /** Errors of the engine as a whole become catalogue errors; those of one statement (a constraint) stay what they are. */
  asStoreError(error: unknown): unknown;
  /** A query runner without memory of a transaction, in place of one that failed. */
  restartRunner(failed: QueryRunner | undefined): Promise<QueryRunner>;
  /** Resolves once all that is committed survives a power loss. */
  makeDurable(): Promise<void>;
  close(): Promise<void>;
}

export function unavailable(message: string, cause: unknown): RelaisError {
  return new RelaisError('RELAIS_STORE_UNAVAILABLE', message, { cause });
}
