import fs from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import type { EntityManager } from 'typeorm';
import { RelaisError } from '../errors.js';
import { backupBlobs } from './backup-blobs.js';
import { filesBelow, flush, hashOfFile, replaceText } from './backup-files.js';
import { MANIFEST, type BackupManifest } from './backup-manifest.js';
import { verifyJournal } from './journal-chain.js';
import { openEngine, type EngineSettings } from './open-engine.js';
import { databaseFile } from './sqlite-dialect.js';

export interface BackupSettings {
  /** Data folder: `blobs/` is in it. */
  readonly dataFolder: string;
  /** Where the backup goes; one that is there already is brought up to date. */
  readonly target: string;
  /** Of Relais. */
  readonly version: string;
  /** Blobs share their bytes with the originals where both are on one disk. */
  readonly link?: boolean;
}

/** All pages at once: a copy in several steps begins anew whenever somebody writes in between. */
const ALL_PAGES = 2 ** 31 - 1;

/** Copies the database as it is at one moment, then the blobs that it refers to, beside a running gateway. The backup that was
 * in the folder stays valid until the new one is whole. On PostgreSQL only the blobs of the shared folder, as `pg_dump` copies
 * the database. Throws RELAIS_BACKUP or RELAIS_STORE_UNAVAILABLE. */
export async function backupStore(engine: EngineSettings, settings: BackupSettings): Promise<BackupManifest> {
  const { target } = settings;
  await requireApart(settings);
  await makeTarget(target);
  const at = new Date(engine.clock.now()).toISOString();
  if (engine.engine.kind === 'postgres') return readingFrom(engine, (manager) => finish(manager, { ...settings, at, database: null }));
  const name = `database-${at.replaceAll(/[-:.]/g, '')}`;
  const copy = path.join(target, name);
  await copyDatabase(engine.engine.folder, copy);
  const file = databaseFile(copy);
  const database = { folder: name, bytes: (await fs.stat(file)).size, sha256: await hashOfFile(file) };
  return readingFrom({ ...engine, engine: { kind: 'sqlite', folder: copy } }, (manager) => finish(manager, { ...settings, at, database }));
}

/** A folder inside of the other would copy itself, or be taken for data. */
async function requireApart({ dataFolder, target }: BackupSettings): Promise<void> {
  const [data, backup] = [path.resolve(dataFolder), path.resolve(target)];
  if (backup === data || backup.startsWith(data + path.sep) || data.startsWith(backup + path.sep)) {
    throw new RelaisError('RELAIS_BACKUP', `${target}: found a folder that is, holds or lies in the data folder; expected one of its own`);
  }
  const names = await fs.readdir(backup).catch(() => []);
  const isOurs = names.every((name) => name === MANIFEST || name === 'blobs' || /^(?:database|blobs)-[0-9TZ]+(?:\.sha256)?$/.test(name) || name.endsWith('.new'));
  if (!isOurs) throw new RelaisError('RELAIS_BACKUP', `${target}: found other files, expected an empty folder or one that holds a backup`);
}

/** Only the folder itself: a parent that is not there is a typing mistake, or a disk that is not mounted. */
async function makeTarget(target: string): Promise<void> {
  await fs.mkdir(target, { mode: 0o700 }).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw new RelaisError('RELAIS_BACKUP', `${target}: it cannot be made (${code ?? 'unknown'}); expected a folder that is there, or a name in one`, { cause: error });
  });
}

async function copyDatabase(folder: string, copy: string): Promise<void> {
  await fs.mkdir(copy, { mode: 0o700 });
  const file = databaseFile(copy);
  const source = openForCopy(databaseFile(folder));
  try {
    await source.backup(file, { progress: () => ALL_PAGES });
  } catch (error) {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `the database could not be copied to ${copy}`, { cause: error });
  } finally {
    source.close();
  }
  // whole in one file, so that reading it leaves no others beside it
  const copied = new Sqlite(file);
  try { copied.pragma('journal_mode = DELETE'); } finally { copied.close(); }
  await fs.chmod(file, 0o600);
  await flush(file);
}

function openForCopy(file: string): Sqlite.Database {
  try {
    return new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 5000 });
  } catch (error) {
    throw new RelaisError('RELAIS_STORE_UNAVAILABLE', `no Relais data in ${path.dirname(file)}`, { cause: error });
  }
}

async function readingFrom<T>(settings: EngineSettings, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const engine = await openEngine(settings, 'look');
  try { return await work(engine.reader.manager); } finally { await engine.close(); }
}

interface Finishing extends BackupSettings, Pick<BackupManifest, 'at' | 'database'> {}

async function finish(manager: EntityManager, { dataFolder, target, version, link = false, at, database }: Finishing): Promise<BackupManifest> {
  const blobs = await backupBlobs(manager, { from: dataFolder, to: target, list: `blobs-${at.replaceAll(/[-:.]/g, '')}.sha256`, link });
  const manifest: BackupManifest = { format: 1, version, at, database, journals: await journalsOf(manager), blobs: blobs.summary };
  await replaceText(path.join(target, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await removeOthers(target, manifest, blobs.kept);
  return manifest;
}

async function journalsOf(manager: EntityManager): Promise<BackupManifest['journals']> {
  const authorities = await manager.query<{ authority: string }[]>('SELECT DISTINCT authority FROM journal ORDER BY authority');
  const journals: { authority: string; entries: number; lastHash: string }[] = [];
  for (const { authority } of authorities) {
    const { entries, lastHash, brokenAt } = await verifyJournal(manager, authority);
    if (brokenAt !== null) throw new RelaisError('RELAIS_STORE_CORRUPT', `the journal of ${authority} was altered: entry ${brokenAt} does not follow from the one before it; the backup that was there is kept`);
    journals.push({ authority, entries, lastHash });
  }
  return journals;
}

/** What only earlier backups had: content that was purged must not live on here. */
async function removeOthers(target: string, { database, blobs }: BackupManifest, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await fs.readdir(target)) {
    if (name === MANIFEST || name === 'blobs' || name === database?.folder || name === blobs.list) continue;
    await fs.rm(path.join(target, name), { recursive: true, force: true });
  }
  for (const file of await filesBelow(path.join(target, 'blobs'))) {
    if (!kept.has(path.join('blobs', file))) await fs.rm(path.join(target, 'blobs', file), { force: true });
  }
}
