import fs from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { BetterSqlite3DataSourceOptions } from 'typeorm/driver/better-sqlite3/BetterSqlite3DataSourceOptions.js';
import type { QueryRunner } from 'typeorm';
import { DataSource, QueryFailedError } from 'typeorm';
import type { AbstractSqliteDriver } from 'typeorm/driver/sqlite-abstract/AbstractSqliteDriver.js';
import type { Clock } from '../platform/clock.js';
import { RelaisError } from '../errors.js';
import type { Dialect, Engine } from './engine.js';
import { unavailable } from './engine.js';
import { ENTITIES } from './entities.js';
import { FTS5_INDEX } from './fts5-index.js';
import { MIGRATIONS } from './migrations/index.js';

/** SQLite: settings, time, locking, the meaning of its error codes. */

const SQLITE: Dialect = {
  name: 'sqlite',
  amongTexts: (column) => `${column} IN (SELECT value FROM json_each(?))`,
  lockKey: null,
  text: FTS5_INDEX,
};

/** Asks for the write lock without changing anything; answers SQLITE_BUSY when another process has it. */
export const TAKE_WRITE_LOCK = 'UPDATE meeting SET date = date WHERE 0';

/** SQLite's own wait blocks the event loop, so it is tiny; the door waits longer, without blocking. */
const BLOCKING_WAIT_MS = 5;
/** Opening waits so long for whoever writes. */
const TURN_WAIT_MS = 5_000;
const TURN_RETRY_MS = 20;
/** Of each connection. The system's own cache holds the rest of the file. */
const CACHE_KIB = 12_288;
/** Pages of WAL after which SQLite copies them into the database file: fewer, larger copies under load. */
const CHECKPOINT_PAGES = 4000;
const WAL_KEPT_BYTES = 64 * 1024 * 1024;

export interface ConnectionSettings {
  readonly folder: string;
  readonly clock: Clock;
  readonly access: 'write' | 'read';
  /** Upper limit of the database file in pages of 4 KiB. */
  readonly maxPages?: number | undefined;
}

/** Path of the database; the lock and the write-ahead log stand beside it. */
export function databaseFile(folder: string): string {
  return path.join(folder, 'relais.sqlite');
}

/** Opens the database in a folder, with one connection that writes and one that reads. `bringUpToDate` is handed the writer
 * first. Throws the engine's errors. */
export async function openSqlite(settings: Omit<ConnectionSettings, 'access'>, bringUpToDate: (writer: DataSource) => Promise<void>): Promise<Engine> {
  const writer = new DataSource(sqliteOptions({ ...settings, access: 'write' }));
  const reader = new DataSource(sqliteOptions({ ...settings, access: 'read' }));
  let log: LogSync | undefined;
  const close = async (): Promise<void> => {
    await log?.close();
    for (const source of [reader, writer]) if (source.isInitialized) await source.destroy();
  };
  try {
    await writer.initialize();
    await bringUpToDate(writer);
    await takeTurn(writer);
    await reader.initialize();
    log = await openLogSync(settings.folder);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...sqliteEngine(writer, reader), makeDurable: log.flush, close };
}

/** A gateway that is busy has the lock most of the time, a few milliseconds each: a command beside it waits for its turn. */
async function takeTurn(writer: DataSource): Promise<void> {
  for (let waited = 0; ; waited += TURN_RETRY_MS) {
    try {
      await writer.query(TAKE_WRITE_LOCK);
      return;
    } catch (error) {
      if (!isBusy(error) || waited >= TURN_WAIT_MS) throw error;
    }
    await setTimeout(TURN_RETRY_MS);
  }
}

/** Opens the database for reading only. */
export async function openSqliteReader(settings: Omit<ConnectionSettings, 'access'>): Promise<Engine> {
  const reader = new DataSource(sqliteOptions({ ...settings, access: 'read' }));
  await reader.initialize();
  return { ...sqliteEngine(reader, reader), makeDurable: () => Promise.resolve(), close: () => reader.destroy() };
}

/** What the door must know of a SQLite database, whatever its tables. */
export function sqliteEngine(writer: DataSource, reader: DataSource): Omit<Engine, 'makeDurable' | 'close'> {
  return {
    dialect: SQLITE,
    writer,
    reader,
    // TypeORM begins a deferred transaction: only now it asks for the lock
    enter: (runner) => runner.query(TAKE_WRITE_LOCK).then(() => ''),
    isPassing: isBusy,
    isCollision: () => false,
    // a commit that fails has not taken place
    wasCommitted: () => Promise.resolve(false),
    asStoreError,
    restartRunner: () => restartRunner(writer),
  };
}

/** Options of one connection. The reader sees committed data only and cannot write. */
function sqliteOptions(settings: ConnectionSettings): BetterSqlite3DataSourceOptions {
  return {
    type: 'better-sqlite3',
    database: databaseFile(settings.folder),
    entities: ENTITIES,
    migrations: settings.access === 'write' ? MIGRATIONS : [],
    synchronize: false,
    logging: false,
    timeout: BLOCKING_WAIT_MS,
    statementCacheSize: 300,
    fileMustExist: settings.access === 'read',
    prepareDatabase(database: Database) {
      try {
        prepare(database, settings);
      } catch (error) {
        // TypeORM forgets a connection that it could not prepare
        database.close();
        throw error;
      }
    },
  };
}

function prepare(database: Database, settings: ConnectionSettings): void {
  database.function('relais_now', () => Math.round(settings.clock.now()));
  database.function('relais_lower', { deterministic: true }, (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : null));
  database.pragma(`cache_size = -${CACHE_KIB}`);
  if (settings.access === 'read') {
    database.pragma('query_only = ON');
    return;
  }
  database.pragma('journal_mode = WAL');
  // The database stays whole whatever happens; that commits survive a power loss is openLogSync's part.
  database.pragma('synchronous = NORMAL');
  database.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  database.pragma(`journal_size_limit = ${WAL_KEPT_BYTES}`);
  if (settings.maxPages !== undefined) database.pragma(`max_page_count = ${settings.maxPages}`);
}

interface LogSync {
  readonly flush: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Flushes the write-ahead log, which holds every commit that is not in the database file yet: SQLite's own FULL would do
 * the same inside the commit, on the thread that serves requests. The log keeps its file while a connection is open. */
async function openLogSync(folder: string): Promise<LogSync> {
  const log = await fs.open(`${databaseFile(folder)}-wal`, 'r+');
  const directory = await fs.open(folder);
  await directory.sync().finally(() => directory.close());
  return { flush: () => log.datasync(), close: () => log.close() };
}

/** A query runner without memory of a transaction: SQLite may roll back by itself (disk full, I/O error), which leaves
 * TypeORM's count of open transactions wrong. */
async function restartRunner(dataSource: DataSource): Promise<QueryRunner> {
  delete (dataSource.driver as Partial<Pick<AbstractSqliteDriver, 'queryRunner'>>).queryRunner;
  const runner = dataSource.createQueryRunner();
  const connection = await runner.connect() as Database;
  if (connection.inTransaction) await runner.query('ROLLBACK');
  return runner;
}

/** `SQLITE_…` code of an error, or undefined for what is not the engine's. */
function engineCode(error: unknown): string | undefined {
  const engineError: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const code = engineError instanceof Error && 'code' in engineError ? engineError.code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}

/** True if another connection has the lock. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(engineCode(error) ?? '');
}

/** Errors of the engine as a whole become catalogue errors; those of one statement (a constraint) stay what they are. */
export function asStoreError(error: unknown): unknown {
  if (isBusy(error)) return unavailable('the database is locked by another program', error);
  const code = engineCode(error) ?? '';
  if (/^SQLITE_FULL/.test(code)) return unavailable('no room left for the database', error);
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PROTOCOL|NOMEM|PERM)/.test(code)) return unavailable('the database cannot be read or written', error);
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return new RelaisError('RELAIS_STORE_CORRUPT', 'the database file is damaged', { cause: error });
  return error;
}
