import fs from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import { RelaisError } from '../errors.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { openDeliveryPermits, type DeliveryPermits } from './delivery-permits.js';
import { END_LEASES } from './delivery-store.js';
import type { Engine } from './engine.js';
import { openPostgres, type PostgresSettings } from './postgres-engine.js';
import { asStoreError as asPostgresError } from './postgres-errors.js';
import { asStoreError as asSqliteError, databaseFile, openSqlite, openSqliteReader } from './sqlite-dialect.js';
import { lockStore } from './store-lock.js';

export interface SqliteSettings {
  /** Data folder; made if it is not there. */
  readonly folder: string;
  /** Upper limit of the database in pages of 4 KiB; none if not given. */
  readonly maxPages?: number | undefined;
}

/** Where the store is: in a file of the data folder, which one process opens, or on a server, which any number may. */
export type StoreEngine = ({ readonly kind: 'sqlite' } & SqliteSettings) | ({ readonly kind: 'postgres' } & PostgresSettings);

/** `own`: alone with a file, and brings the tables up to date. `beside`: another process does that; the tables must be as
 * this program knows them. `look`: reads only. */
export type Access = 'own' | 'beside' | 'look';

export interface EngineSettings {
  readonly engine: StoreEngine;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface OpenEngine extends Engine {
  /** The distributed queue; null where one process alone delivers. */
  readonly permits: DeliveryPermits | null;
}

/** Throws RELAIS_STORE_IN_USE, RELAIS_STORE_UNAVAILABLE or RELAIS_STORE_CORRUPT. */
export async function openEngine(settings: EngineSettings, access: Access): Promise<OpenEngine> {
  const { engine } = settings;
  if (engine.kind === 'postgres') return openServer(engine, settings, access).catch((error: unknown) => { throw asPostgresError(error); });
  const opened = access === 'own' ? await openOwnFile(engine, settings) : await openFileBeside(engine, settings, access);
  return { ...opened, permits: null };
}

async function openServer(place: PostgresSettings, { logger }: EngineSettings, access: Access): Promise<OpenEngine> {
  let permits: DeliveryPermits | null = null;
  const opening = openPostgres(place, async (writer) => {
    await (access === 'own' ? bringUpToDate(writer, logger) : requireUpToDate(writer));
    // the queue goes by the clock of the database
    if (access !== 'look' && place.clock === undefined) permits = await openDeliveryPermits(writer, logger, access === 'own');
  });
  const closePermits = (): Promise<void> => permits?.close() ?? Promise.resolve();
  const opened = await opening.catch((error: unknown) => closePermits().then(() => { throw error; }));
  return { ...opened, permits, close: () => closePermits().finally(() => opened.close()) };
}

async function openOwnFile({ folder, maxPages }: SqliteSettings, { clock, logger }: EngineSettings): Promise<Engine> {
  await fs.mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `the data folder ${folder} cannot be made`, { cause: error });
  });
  const unlock = lockStore(folder);
  try {
    await makePrivate(databaseFile(folder));
    const opened = await openSqlite({ folder, clock, maxPages }, async (writer) => {
      await bringUpToDate(writer, logger);
      await writer.query(END_LEASES);
    });
    return { ...opened, close: () => opened.close().finally(unlock) };
  } catch (error) {
    unlock();
    throw asSqliteError(error);
  }
}

async function openFileBeside({ folder }: SqliteSettings, { clock }: EngineSettings, access: 'beside' | 'look'): Promise<Engine> {
  await fs.access(databaseFile(folder)).catch((error: unknown) => {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `no Relais data in ${folder}`, { cause: error });
  });
  const opening = access === 'look' ? openSqliteReader({ folder, clock }) : openSqlite({ folder, clock }, requireUpToDate);
  return opening.catch((error: unknown) => { throw asSqliteError(error); });
}

/** Tables of another version of Relais become those of this one. */
async function bringUpToDate(writer: DataSource, logger: Logger): Promise<void> {
  const done = await writer.runMigrations({ transaction: 'all' });
  if (done.length > 0) logger.info('database brought up to date', { migrations: done.map(({ name }) => name) });
}

async function requireUpToDate(writer: DataSource): Promise<void> {
  if (await writer.showMigrations()) {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the database is of an earlier version of Relais; start this one, or run «relais store migrate», to bring it up to date');
  }
}

/** Letters of citizens are nobody else's: SQLite makes its other files with the rights of this one. */
async function makePrivate(file: string): Promise<void> {
  const handle = await fs.open(file, 'a', 0o600).catch((error: unknown) => {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the database file cannot be written', { cause: error });
  });
  await handle.close();
}
