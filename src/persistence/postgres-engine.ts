import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import type { Clock } from '../platform/clock.js';
import type { Dialect, Engine } from './engine.js';
import { ENTITIES } from './entities.js';
import { POSTGRES_MIGRATIONS } from './migrations/postgres/index.js';
import { asStoreError, isCollision, isConnectionLost } from './postgres-errors.js';
import { NUMBERS_AS_NUMBERS, speakPlainSql } from './postgres-statements.js';
import { createTsvectorIndex } from './tsvector-index.js';

export interface PostgresSettings {
  /** `postgres://user:password@host:port/database`. A secret: it is in no message. */
  readonly url: string;
  /** Connections of this process, at least 4. */
  readonly poolSize: number;
  /** In place of the clock of the database; for tests. */
  readonly clock?: Clock | undefined;
}

/** One writes; the others are for blobs, the distributed queue and bringing tables up to date. */
const WRITERS = 3;
const CONNECT_MS = 3000;
/** Longer than any statement of the stores on a sound server. */
const STATEMENT_MS = 60_000;
/** A process that is stopped in the middle of a transaction loses it after this, and its locks with it. Others wait longer. */
const IDLE_TRANSACTION_MS = 5000;
const LOCK_MS = 10_000;
/** How long to ask a server that comes back what became of a commit. */
const COMMIT_INQUIRY_MS = 5000;
const INQUIRY_RETRY_MS = 100;

const LOCK_KEY = 'SELECT pg_advisory_xact_lock(hashtextextended(?, 0))';
const TRANSACTION = 'SELECT CAST(pg_current_xact_id() AS text) AS name';
const FATE = 'SELECT pg_xact_status(CAST(? AS xid8)) AS fate';
/** The same for all databases of a server: they are brought up to date one after the other. */
const UPGRADE_LOCK = createHash('sha256').update('relais tables').digest().readBigInt64BE().toString();

function createDialect(): Dialect {
  return {
    name: 'postgres',
    amongTexts: (column) => `${column} IN (SELECT json_array_elements_text(CAST(? AS json)))`,
    lockKey: LOCK_KEY,
    text: createTsvectorIndex(),
  };
}

/** Opens a database on a server. `bringUpToDate` is run by one process at a time. Throws the driver's errors. */
export async function openPostgres(settings: PostgresSettings, bringUpToDate: (writer: DataSource) => Promise<void>): Promise<Engine> {
  const writers = Math.max(WRITERS, Math.ceil(settings.poolSize / 2));
  const writer = speakPlainSql(new DataSource(options(settings, 'write', writers)), settings.clock);
  const reader = speakPlainSql(new DataSource(options(settings, 'read', Math.max(1, settings.poolSize - writers))), settings.clock);
  const close = async (): Promise<void> => {
    for (const source of [reader, writer]) if (source.isInitialized) await source.destroy();
  };
  try {
    await writer.initialize();
    await oneAtATime(writer, () => bringUpToDate(writer));
    await reader.initialize();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    dialect: createDialect(),
    writer,
    reader,
    enter: async (runner) => (await runner.query(TRANSACTION) as { name: string }[])[0]?.name ?? '',
    isPassing: isConnectionLost,
    isCollision,
    wasCommitted: (transaction) => wasCommitted(reader, transaction),
    asStoreError,
    restartRunner: (failed) => restartRunner(writer, failed),
    // a commit is answered when it is on disk
    makeDurable: () => Promise.resolve(),
    close,
  };
}

function options({ url }: PostgresSettings, access: 'write' | 'read', connections: number): PostgresDataSourceOptions {
  return {
    type: 'postgres',
    url,
    entities: ENTITIES,
    migrations: access === 'write' ? POSTGRES_MIGRATIONS : [],
    synchronize: false,
    logging: false,
    installExtensions: false,
    applicationName: 'relais',
    poolSize: connections,
    connectTimeoutMS: CONNECT_MS,
    // an idle connection was lost: the next one is made when it is needed
    poolErrorHandler: () => undefined,
    extra: {
      types: NUMBERS_AS_NUMBERS,
      keepAlive: true,
      query_timeout: 2 * STATEMENT_MS,
      statement_timeout: STATEMENT_MS,
      lock_timeout: LOCK_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
      options: sessionSettings(access),
    },
  };
}

/** Nothing here is spinning: the server's default cost of a random page makes it read whole tables where an index is quicker. */
function sessionSettings(access: 'write' | 'read'): string {
  return [`default_transaction_read_only=${access === 'read' ? 'on' : 'off'}`, 'default_transaction_isolation=read\\ committed', 'timezone=UTC', 'random_page_cost=1.1']
    .map((setting) => `-c ${setting}`).join(' ');
}

/** Several nodes may start at once. */
async function oneAtATime(writer: DataSource, work: () => Promise<void>): Promise<void> {
  const runner = writer.createQueryRunner();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query('SET lock_timeout = 0');
    await runner.query('SELECT pg_advisory_lock(CAST(? AS bigint))', [UPGRADE_LOCK]);
    await work();
  } finally {
    // ends the session, and the lock and the settings with it
    await endSession(runner);
  }
}

async function restartRunner(writer: DataSource, failed: QueryRunner | undefined): Promise<QueryRunner> {
  if (failed !== undefined) await endSession(failed);
  return writer.createQueryRunner();
}

/** Nobody knows in which state the session is: the server undoes what it had begun when the connection is closed. */
async function endSession(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  const client = await runner.connect().catch(() => undefined) as PoolClient & { end(): Promise<void> } | undefined;
  await client?.end().catch(() => undefined);
  await runner.release();
}

async function wasCommitted(reader: DataSource, transaction: string): Promise<boolean> {
  for (let waited = 0; waited < COMMIT_INQUIRY_MS; waited += INQUIRY_RETRY_MS) {
    const fate = await reader.query<{ fate: string | null }[]>(FATE, [transaction]).then(([row]) => row?.fate, () => undefined);
    if (fate === 'committed') return true;
    if (fate === 'aborted' || fate === null) return false;
    await pause(INQUIRY_RETRY_MS);
  }
  return false;
}
