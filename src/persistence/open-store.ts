import fs from 'node:fs/promises';
import { DataSource } from 'typeorm';
import type { MeetingLedger } from '../deliberation/meeting-ledger.js';
import type { DeliveryStore } from '../delivery/store.js';
import type { HistoryStore } from '../history/store.js';
import type { IntakeStore } from '../intake/store.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { RelaisError } from '../errors.js';
import { createBlobReferences } from './blob-references.js';
import type { BlobReferences } from './blob-references.js';
import { createDeliveryStore, END_LEASES } from './delivery-store.js';
import { createHistoryStore } from './history-store.js';
import { createIntakeStore } from './intake-store.js';
import { verifyJournal } from './journal-chain.js';
import type { JournalCheck } from './journal-chain.js';
import { createMeetingLedger } from './meeting-ledger-store.js';
import { asStoreError, databaseFile, openLogSync, sqliteOptions, TAKE_WRITE_LOCK } from './sqlite-dialect.js';
import { lockStore } from './store-lock.js';
import { openDoor } from './transaction-door.js';
import type { TransactionDoor } from './transaction-door.js';

export interface StoreSettings {
  /** Data folder; made if it is not there. */
  readonly folder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a write waits for a lock that another program holds, milliseconds; 5000 if not given. */
  readonly lockWaitMs?: number;
  /** Upper limit of the database in pages of 4 KiB; none if not given. */
  readonly maxPages?: number;
}

/** What can be asked of a store without writing. */
export interface StoreReader {
  readonly history: HistoryStore;
  readonly verifyJournal: (authority: string) => Promise<JournalCheck>;
  close(): Promise<void>;
}

export interface Store extends StoreReader {
  readonly door: TransactionDoor;
  readonly intake: IntakeStore;
  readonly deliveries: DeliveryStore;
  readonly meetings: MeetingLedger;
  readonly blobReferences: BlobReferences;
  /** Resolves if a write would go through now. Throws RELAIS_STORE_UNAVAILABLE. */
  tryToWrite(): Promise<void>;
}

/** A disk with less room than this is as good as full: the next annexes would not fit. */
const ROOM_BYTES = 64 * 1024 * 1024;

/** Opens the embedded store and brings its tables up to date. One process at a time: throws RELAIS_STORE_IN_USE,
 * RELAIS_STORE_UNAVAILABLE or RELAIS_STORE_CORRUPT. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  await fs.mkdir(settings.folder, { recursive: true }).catch((error: unknown) => {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `the data folder ${settings.folder} cannot be made`, { cause: error });
  });
  const unlock = lockStore(settings.folder);
  const writer = new DataSource(sqliteOptions({ ...settings, access: 'write' }));
  const reader = new DataSource(sqliteOptions({ ...settings, access: 'read' }));
  let log: Awaited<ReturnType<typeof openLogSync>> | undefined;
  const shut = async (): Promise<void> => {
    await log?.close();
    for (const source of [reader, writer]) if (source.isInitialized) await source.destroy();
    unlock();
  };
  try {
    await makePrivate(databaseFile(settings.folder));
    await writer.initialize();
    const done = await writer.runMigrations({ transaction: 'all' });
    if (done.length > 0) settings.logger.info('database brought up to date', { migrations: done.map(({ name }) => name) });
    await writer.query(END_LEASES);
    await reader.initialize();
    log = await openLogSync(settings.folder);
  } catch (error) {
    await shut();
    throw asStoreError(error);
  }
  const door = openDoor({ writer, reader, makeDurable: log.flush, lockWaitMs: settings.lockWaitMs });
  return {
    door,
    intake: createIntakeStore(door),
    deliveries: createDeliveryStore(door),
    meetings: createMeetingLedger(door, settings.clock),
    blobReferences: createBlobReferences(door),
    async tryToWrite() {
      const { bavail, bsize } = await fs.statfs(settings.folder);
      if (bavail * bsize < ROOM_BYTES) throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `the disk of ${settings.folder} has less than ${ROOM_BYTES / 1024 / 1024} MiB left`);
      await door.write((manager) => manager.query(TAKE_WRITE_LOCK));
    },
    ...readingSide(door),
    async close() {
      await door.close();
      await shut();
    },
  };
}

/** Opens a store for looking only, beside the process that writes it (`relais items show`). */
export async function openStoreReader({ folder, clock }: Pick<StoreSettings, 'folder' | 'clock'>): Promise<StoreReader> {
  await fs.access(databaseFile(folder)).catch((error: unknown) => {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `no Relais data in ${folder}`, { cause: error });
  });
  const reader = new DataSource(sqliteOptions({ folder, clock, access: 'read' }));
  await reader.initialize().catch((error: unknown) => { throw asStoreError(error); });
  return { ...readingSide(openDoor({ writer: reader, reader, makeDurable: () => Promise.resolve() })), close: () => reader.destroy() };
}

function readingSide(door: TransactionDoor): Pick<StoreReader, 'history' | 'verifyJournal'> {
  return {
    history: createHistoryStore(door),
    verifyJournal: (authority) => door.read((manager) => verifyJournal(manager, authority)),
  };
}

/** Letters of citizens are nobody else's: SQLite makes its other files with the rights of this one. */
async function makePrivate(file: string): Promise<void> {
  const handle = await fs.open(file, 'a', 0o600).catch((error: unknown) => {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', 'the database file cannot be written', { cause: error });
  });
  await handle.close();
}
