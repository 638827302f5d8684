import fs from 'node:fs/promises';
import type { EntityManager } from 'typeorm';
import type { SweptBlobStore } from '../blobs/blob-store.js';
import type { CollectStore } from '../collect/store.js';
import type { MeetingLedger } from '../deliberation/meeting-ledger.js';
import type { DeliveryOperations } from '../delivery/operations.js';
import type { DeliveryStore } from '../delivery/store.js';
import { RelaisError } from '../errors.js';
import type { ForwardingStore } from '../facade/forwarding-waits.js';
import type { CopyStore, LinkStore } from '../facade/store.js';
import type { HistoryStore } from '../history/store.js';
import type { IncidentStore } from '../incidents/store.js';
import type { ItemChanges } from '../intake/item-changes.js';
import type { IntakeStore } from '../intake/store.js';
import type { JournalStore } from '../journal/store.js';
import type { RetentionStore } from '../retention/store.js';
import { createBlobReferences, type BlobReferences } from './blob-references.js';
import { createBossDeliveryStore } from './boss-delivery-store.js';
import { createCollectStore } from './collect-store.js';
import { createDatabaseBlobStore } from './database-blob-store.js';
import { createDeliveryStore } from './delivery-store.js';
import { createFlowVersions } from './flow-versions.js';
import { createForwardingStore } from './forwarding-store.js';
import { createHistoryStore } from './history-store.js';
import { createIncidentStore } from './incident-store.js';
import { createIntakeStore } from './intake-store.js';
import { createItemChanges } from './item-changes-store.js';
import { verifyJournal, writeJournal, type JournalCheck } from './journal-chain.js';
import { createJournalStore } from './journal-store.js';
import { lastOfEach } from './item-text.js';
import { createLanes } from './lanes.js';
import { createLinkStore } from './link-store.js';
import { createMeetingLedger } from './meeting-ledger-store.js';
import { openEngine, type EngineSettings, type OpenEngine } from './open-engine.js';
import { createDeliveryOperations } from './operations-store.js';
import { createRetentionStore } from './retention-store.js';
import { openDoor, type TransactionDoor } from './transaction-door.js';
import type { TransactionNotes } from './transaction-notes.js';
import { createUpstreamCopies } from './upstream-copies.js';

export type { StoreEngine } from './open-engine.js';

export interface StoreSettings extends EngineSettings {
  /** How long a write waits for a lock that another program holds, or for a server that restarts, milliseconds; 5000 if not
   * given. */
  readonly lockWaitMs?: number | undefined;
}

/** What can be asked of a store without writing. */
export interface StoreReader {
  readonly history: HistoryStore;
  readonly journal: JournalStore;
  readonly operations: DeliveryOperations;
  /** Of a reader, only what it tells. */
  readonly links: LinkStore;
  readonly copies: CopyStore;
  readonly verifyJournal: (authority: string) => Promise<JournalCheck>;
  close(): Promise<void>;
}

export interface Store extends StoreReader {
  readonly door: TransactionDoor;
  readonly intake: IntakeStore;
  readonly itemChanges: ItemChanges;
  readonly deliveries: DeliveryStore;
  readonly forwarding: ForwardingStore;
  readonly collecting: CollectStore;
  readonly meetings: MeetingLedger;
  readonly blobReferences: BlobReferences;
  /** Blobs of an authority in the database; null where it takes none. */
  readonly databaseBlobs: ((authority: string) => SweptBlobStore) | null;
  readonly retention: RetentionStore;
  readonly incidents: IncidentStore;
  /** Resolves if a write would go through now. Throws RELAIS_STORE_UNAVAILABLE. */
  tryToWrite(): Promise<void>;
}

/** A disk with less room than this is as good as full: the next annexes would not fit. */
const ROOM_BYTES = 64 * 1024 * 1024;

/** Opens the store and brings its tables up to date. Of a SQLite store only one process at a time: throws RELAIS_STORE_IN_USE,
 * RELAIS_STORE_UNAVAILABLE or RELAIS_STORE_CORRUPT. */
export async function openStore(settings: StoreSettings): Promise<Store> {
  return composeStore(await openEngine(settings, 'own'), settings);
}

/** Opens a store for what an operator changes beside a running gateway, on both engines: no lock on the data folder, and the
 * tables are left as they are. What it writes is as durable as what the gateway writes. */
export async function openStoreBeside(settings: StoreSettings): Promise<Store> {
  return composeStore(await openEngine(settings, 'beside'), settings);
}

/** Opens a store for looking only, beside the processes that write it (`relais items show`). Its operations can list and
 * count. */
export async function openStoreReader(settings: EngineSettings): Promise<StoreReader> {
  const engine = await openEngine(settings, 'look');
  const door = openDoor({ engine, writeNotes: () => Promise.resolve() });
  return { ...readingSide(door), close: () => engine.close() };
}

function composeStore(engine: OpenEngine, settings: StoreSettings): Store {
  const door = openDoor({ engine, writeNotes: (manager, notes) => writeNotes(engine, manager, notes), lockWaitMs: settings.lockWaitMs });
  const versions = createFlowVersions(door);
  const ledger = createDeliveryStore({ door, versions });
  return {
    door,
    intake: createIntakeStore(door, versions, createLanes(door)),
    itemChanges: createItemChanges(door, versions),
    deliveries: engine.permits === null ? ledger : createBossDeliveryStore(ledger, engine.permits, settings.clock),
    forwarding: createForwardingStore(door, versions),
    collecting: createCollectStore(door, createLanes(door)),
    meetings: createMeetingLedger(door, settings.clock),
    blobReferences: createBlobReferences(door),
    databaseBlobs: engine.dialect.name === 'postgres' ? (authority) => createDatabaseBlobStore(engine.writer, authority) : null,
    retention: createRetentionStore(door),
    incidents: createIncidentStore(door),
    async tryToWrite() {
      if (settings.engine.kind === 'sqlite') await requireRoom(settings.engine.folder);
      // the transaction itself needs all that a write needs
      await door.write(() => Promise.resolve());
    },
    ...readingSide(door),
    async close() {
      await door.close();
      await engine.close();
    },
  };
}

/** The journal comes last: other processes wait for it. */
async function writeNotes({ dialect, permits }: OpenEngine, manager: EntityManager, { texts, due, journal }: TransactionNotes): Promise<void> {
  if (permits !== null && due.length > 0) await permits.issue(manager, due);
  if (texts.length > 0) await dialect.text.add(manager, lastOfEach(texts));
  if (journal.length > 0) await writeJournal(manager, dialect, journal);
}

function readingSide(door: TransactionDoor): Omit<StoreReader, 'close'> {
  return {
    history: createHistoryStore(door),
    journal: createJournalStore(door),
    operations: createDeliveryOperations({ door, versions: createFlowVersions(door), laneOf: createLanes(door) }),
    links: createLinkStore(door),
    copies: createUpstreamCopies(door),
    verifyJournal: (authority) => door.read((manager) => verifyJournal(manager, authority)),
  };
}

async function requireRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await fs.statfs(folder);
  if (bavail * bsize < ROOM_BYTES) throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `the disk of ${folder} has less than ${ROOM_BYTES / 1024 / 1024} MiB left`);
}
