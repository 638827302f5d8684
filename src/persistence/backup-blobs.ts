import fs from 'node:fs/promises';
import path from 'node:path';
import type { EntityManager } from 'typeorm';
import { blobPath, flush, hashOfFile, placeFile, replaceText } from './backup-files.js';
import type { BackupManifest } from './backup-manifest.js';

/** Blobs that items refer to, in the order of authority and name. */
const REFERENCED = `SELECT DISTINCT a.authority, a.sha256, a.size FROM annex a JOIN item i ON i.seq = a.item_seq
  WHERE i.purged_at IS NULL AND (a.authority, a.sha256) > (?, ?) ORDER BY a.authority, a.sha256 LIMIT 500`;

export interface BlobBackup {
  readonly from: string;
  readonly to: string;
  /** Name of the list in `to`. */
  readonly list: string;
  readonly link: boolean;
}

export interface BackedUpBlobs {
  readonly summary: BackupManifest['blobs'];
  /** Their paths in `to`. */
  readonly kept: ReadonlySet<string>;
}

/** Copies the blobs that a database refers to, but those that are there already: they never change. */
export async function backupBlobs(manager: EntityManager, { from, to, list, link }: BlobBackup): Promise<BackedUpBlobs> {
  const kept = new Set<string>();
  const folders = new Set<string>();
  const lines: string[] = [];
  const missing: string[] = [];
  let bytes = 0;
  let last = { authority: '', sha256: '' };
  for (;;) {
    const page = await manager.query<{ authority: string; sha256: string; size: number }[]>(REFERENCED, [last.authority, last.sha256]);
    for (const { authority, sha256, size } of page) {
      const place = blobPath(authority, sha256);
      if (!await copyOne(path.join(from, place), path.join(to, place), size, link)) { missing.push(`${authority}/${sha256}`); continue; }
      kept.add(place);
      folders.add(path.dirname(place));
      lines.push(`${sha256}  ${place.split(path.sep).join('/')}\n`);
      bytes += size;
    }
    const end = page.at(-1);
    if (end === undefined) break;
    last = end;
  }
  for (const folder of folders) await flush(path.join(to, folder));
  await replaceText(path.join(to, list), lines.join(''));
  return { summary: { count: kept.size, bytes, list, listSha256: await hashOfFile(path.join(to, list)), missing }, kept };
}

/** False if the source has not these bytes. */
async function copyOne(from: string, to: string, size: number, link: boolean): Promise<boolean> {
  const there = await fs.stat(to).catch(() => undefined);
  if (there?.size === size) return true;
  try {
    await placeFile(from, to, { link });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
