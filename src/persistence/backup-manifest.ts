import fs from 'node:fs/promises';
import path from 'node:path';
import { RelaisError } from '../errors.js';

/** `manifest.json` of a backup: written last, so that what it says is there. */
export interface BackupManifest {
  readonly format: 1;
  /** Of Relais. */
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  /** Folder of the copy of the database, and the hash of `relais.sqlite` in it; null where `pg_dump` makes it. */
  readonly database: { readonly folder: string; readonly bytes: number; readonly sha256: string } | null;
  /** Where each journal ended: an entry that is missing at the end leaves no other trace. */
  readonly journals: readonly { readonly authority: string; readonly entries: number; readonly lastHash: string }[];
  readonly blobs: {
    readonly count: number;
    readonly bytes: number;
    /** File that lists them as `sha256sum --check` reads it, and its hash. */
    readonly list: string;
    readonly listSha256: string;
    /** Items refer to these, and their bytes were not found: `<authority>/<sha256>`. */
    readonly missing: readonly string[];
  };
}

export const MANIFEST = 'manifest.json';

/** Throws RELAIS_BACKUP if there is no backup in `folder`, or one that this version cannot read. */
export async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await fs.readFile(path.join(folder, MANIFEST), 'utf8').catch((error: unknown) => {
    throw new RelaisError('RELAIS_BACKUP', `${folder}: found no ${MANIFEST}, expected a folder that «relais backup» has finished`, { cause: error });
  });
  const manifest = JSON.parse(text) as BackupManifest | { readonly format: unknown };
  if (manifest.format !== 1) throw new RelaisError('RELAIS_BACKUP', `${folder}: found format ${String(manifest.format)}, expected 1: use the version of Relais that made it, or a later one`);
  return manifest as BackupManifest;
}
