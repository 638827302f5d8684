import fs from 'node:fs/promises';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { RelaisError } from '../errors.js';
import { flush, hashOfFile, placeFile } from './backup-files.js';
import { readManifest, type BackupManifest } from './backup-manifest.js';
import { verifyJournal } from './journal-chain.js';
import { openEngine, type EngineSettings } from './open-engine.js';
import { databaseFile } from './sqlite-dialect.js';

export interface VerifiedBackup {
  readonly manifest: BackupManifest;
  /** What is not as the manifest says, in plain words; none: everything is. */
  readonly problems: readonly string[];
}

/** `<sha256>  <path>` */
const LINE = /^([0-9a-f]{64}) {2}(blobs\/[^\n]+)$/;

/** Reads a backup as a whole: the hash of the database, its structure, the chain of every journal to its last entry, and the
 * hash of every blob. Throws RELAIS_BACKUP where there is none. */
export async function verifyBackup(folder: string, around: Pick<EngineSettings, 'clock' | 'logger'>): Promise<VerifiedBackup> {
  const manifest = await readManifest(folder);
  const problems = [
    ...await databaseProblems(folder, manifest, around),
    ...await blobProblems(folder, manifest),
    ...manifest.blobs.missing.map((blob) => `the bytes of ${blob} were missing when the backup was made`),
  ];
  return { manifest, problems };
}

/** Puts a backup into a data folder that holds nothing yet, once it has proved whole; the database comes last. Throws
 * RELAIS_BACKUP. */
export async function restoreStore(backup: string, dataFolder: string, around: Pick<EngineSettings, 'clock' | 'logger'>): Promise<BackupManifest> {
  const names = await fs.readdir(dataFolder).catch(() => []);
  if (names.length > 0) throw new RelaisError('RELAIS_BACKUP', `${dataFolder}: found ${names.slice(0, 3).join(', ')}, expected an empty folder or none`);
  const { manifest, problems } = await verifyBackup(backup, around);
  // what was missing at the origin is missing here, too, and no reason to keep the rest back
  const damage = problems.slice(0, problems.length - manifest.blobs.missing.length);
  if (damage.length > 0) throw new RelaisError('RELAIS_BACKUP', `${backup} is damaged, and nothing was restored: ${damage.slice(0, 5).join('; ')}`);
  await fs.mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const folders = new Set<string>();
  for (const { place } of await listedBlobs(backup, manifest)) {
    await placeFile(path.join(backup, place), path.join(dataFolder, place));
    folders.add(path.dirname(place));
  }
  for (const folder of folders) await flush(path.join(dataFolder, folder));
  if (manifest.database !== null) await placeFile(databaseFile(path.join(backup, manifest.database.folder)), databaseFile(dataFolder));
  await flush(dataFolder);
  return manifest;
}

async function databaseProblems(folder: string, { database, journals }: BackupManifest, around: Pick<EngineSettings, 'clock' | 'logger'>): Promise<string[]> {
  if (database === null) return [];
  const copy = path.join(folder, database.folder);
  const found = await hashOfFile(databaseFile(copy)).catch(() => 'no file');
  if (found !== database.sha256) return [`${database.folder}/relais.sqlite: found ${found}, expected SHA-256 ${database.sha256}`];
  const structure = structureProblem(databaseFile(copy));
  if (structure !== null) return [`${database.folder}/relais.sqlite: ${structure}`];
  const engine = await openEngine({ ...around, engine: { kind: 'sqlite', folder: copy } }, 'look');
  try {
    const problems: string[] = [];
    for (const { authority, entries, lastHash } of journals) {
      const check = await verifyJournal(engine.reader.manager, authority);
      if (check.brokenAt !== null) problems.push(`journal of ${authority}: entry ${check.brokenAt} does not follow from the one before it`);
      else if (check.entries !== entries || check.lastHash !== lastHash) problems.push(`journal of ${authority}: found ${check.entries} entries, expected ${entries} with last hash ${lastHash}`);
    }
    return problems;
  } finally {
    await engine.close();
  }
}

function structureProblem(file: string): string | null {
  const database = new Sqlite(file, { readonly: true });
  try {
    const answer = database.pragma('quick_check(1)', { simple: true });
    return answer === 'ok' ? null : String(answer);
  } finally {
    database.close();
  }
}

async function blobProblems(folder: string, manifest: BackupManifest): Promise<string[]> {
  const found = await hashOfFile(path.join(folder, manifest.blobs.list)).catch(() => 'no file');
  if (found !== manifest.blobs.listSha256) return [`${manifest.blobs.list}: found ${found}, expected SHA-256 ${manifest.blobs.listSha256}`];
  const problems: string[] = [];
  for (const { sha256, place } of await listedBlobs(folder, manifest)) {
    const hash = await hashOfFile(path.join(folder, place)).catch(() => 'no file');
    if (hash !== sha256) problems.push(`${place}: found ${hash}, expected the SHA-256 that is its name`);
  }
  return problems;
}

async function listedBlobs(folder: string, { blobs }: BackupManifest): Promise<{ readonly sha256: string; readonly place: string }[]> {
  const text = await fs.readFile(path.join(folder, blobs.list), 'utf8');
  return text.split('\n').flatMap((line) => {
    const [, sha256, place] = LINE.exec(line) ?? [];
    // a list that was made by somebody else must not name files outside of the backup
    return sha256 === undefined || place === undefined || place.split('/').includes('..') ? [] : [{ sha256, place }];
  });
}
