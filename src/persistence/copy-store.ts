import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { openBlobStore } from '../blobs/file-blob-store.js';
import { RelaisError } from '../errors.js';
import { copyBlobs, type CopiedBlobs } from './copy-blobs.js';
import { continueKeys, COPIED_TABLES, copyTable, indexCopiedItems } from './copy-rows.js';
import { createDatabaseBlobStore } from './database-blob-store.js';
import type { Engine } from './engine.js';
import { verifyJournal } from './journal-chain.js';
import { openEngine, type EngineSettings } from './open-engine.js';

export interface StoreCopied {
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Entries of the journal of each authority, and the hash of the last one: the same on both sides. */
  readonly journals: readonly { readonly authority: string; readonly entries: number; readonly lastHash: string }[];
  readonly blobs: CopiedBlobs;
}

export interface CopySettings {
  /** `database`: bytes of annexes are copied, too. `folder`: they stay in `blobs/` of the data folder, which all nodes are to
   * share, and are verified. */
  readonly blobs: 'folder' | 'database';
  /** Told of each part before it begins. */
  readonly onProgress?: (part: string) => void;
}

const IS_EMPTY = ['item', 'delivery', 'journal', 'connector_state', 'meeting', 'flow_version', 'taken_key', 'imported_link'];

/** Copies a SQLite store to an empty PostgreSQL database, all of it or nothing, and verifies the copy: rows, the chain of every
 * journal, the hash of every blob. The source is not changed; no gateway may use it. Throws RELAIS_STORE_IN_USE,
 * RELAIS_STORE_COPY, RELAIS_STORE_UNAVAILABLE. */
export async function storeCopy(from: EngineSettings, to: EngineSettings, settings: CopySettings): Promise<StoreCopied> {
  if (from.engine.kind !== 'sqlite' || to.engine.kind !== 'postgres') throw new RelaisError('RELAIS_STORE_COPY', 'found other engines, expected a copy from SQLite to PostgreSQL');
  const { folder } = from.engine;
  const source = await openEngine(from, 'own');
  try {
    const target = await openEngine(to, 'own');
    try {
      return await copy(source, target, { ...settings, folder });
    } catch (error) {
      throw target.asStoreError(error);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copy(source: Engine, target: Engine, { blobs, folder, onProgress = ignore }: CopySettings & { readonly folder: string }): Promise<StoreCopied> {
  await requireEmpty(target.writer.manager);
  onProgress('blobs');
  const copiedBlobs = await copyBlobs(source.reader.manager, {
    from: (authority) => openBlobStore(path.join(folder, 'blobs', authority)),
    to: blobs === 'database' ? (authority) => createDatabaseBlobStore(target.writer, authority) : null,
  });
  const copied = await target.writer.transaction(async (manager) => {
    const rows: Record<string, number> = {};
    for (const [table, key] of COPIED_TABLES) {
      onProgress(table);
      rows[table] = await copyTable(source.reader.manager, manager, table, key);
    }
    onProgress('full text');
    await continueKeys(manager);
    await indexCopiedItems(manager, target.dialect.text);
    onProgress('verification');
    await requireSameRows(source.reader.manager, manager);
    return { rows, journals: await requireSameJournals(source.reader.manager, manager) };
  });
  return { ...copied, blobs: copiedBlobs };
}

async function requireEmpty(target: EntityManager): Promise<void> {
  for (const table of IS_EMPTY) {
    const found: unknown[] = await target.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (found.length > 0) throw new RelaisError('RELAIS_STORE_COPY', `found rows in table ${table} of the target, expected an empty database`);
  }
}

async function requireSameRows(source: EntityManager, target: EntityManager): Promise<void> {
  for (const [table] of [...COPIED_TABLES]) {
    const [[from], [to]] = [await countOf(source, table), await countOf(target, table)];
    if (from?.count !== to?.count) throw new RelaisError('RELAIS_STORE_COPY', `table ${table}: found ${to?.count ?? 0} rows in the copy, expected ${from?.count ?? 0}`);
  }
}

function countOf(manager: EntityManager, table: string): Promise<{ readonly count: number }[]> {
  return manager.query(`SELECT count(*) AS count FROM ${table}`);
}

async function requireSameJournals(source: EntityManager, target: EntityManager): Promise<StoreCopied['journals']> {
  const authorities = await source.query<{ authority: string }[]>('SELECT DISTINCT authority FROM journal ORDER BY authority');
  const journals: { authority: string; entries: number; lastHash: string }[] = [];
  for (const { authority } of authorities) {
    const [before, after] = [await verifyJournal(source, authority), await verifyJournal(target, authority)];
    if (after.brokenAt !== before.brokenAt || after.entries !== before.entries || after.lastHash !== before.lastHash) {
      throw new RelaisError('RELAIS_STORE_COPY', `journal of ${authority}: found ${after.entries} entries up to hash ${after.lastHash}, expected ${before.entries} up to ${before.lastHash}`);
    }
    journals.push({ authority, entries: after.entries, lastHash: after.lastHash });
  }
  return journals;
}

function ignore(): void {
  // nobody asked to be told
}
