import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Another disk, or a file system without links: the bytes are copied. */
const CANNOT_LINK: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP']);

/** SHA-256 of a file, hex. */
export async function hashOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest('hex');
}

/** Where a blob is below `blobs/`, in the data folder as in a backup. */
export function blobPath(authority: string, sha256: string): string {
  return path.join('blobs', authority, sha256.slice(0, 2), sha256);
}

/** Writes a file under a name of its own, flushes it, then gives it its name: it is there whole or not at all. `link`: shares
 * the bytes with the original where both are on one disk. */
export async function placeFile(from: string, to: string, { link = false }: { readonly link?: boolean } = {}): Promise<void> {
  await fs.promises.mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
  const spare = `${to}.new`;
  await fs.promises.rm(spare, { force: true });
  if (!link || !await linked(from, spare)) await fs.promises.copyFile(from, spare, fs.constants.COPYFILE_FICLONE);
  await flush(spare);
  await fs.promises.rename(spare, to);
}

async function linked(from: string, to: string): Promise<boolean> {
  return fs.promises.link(from, to).then(() => true, (error: unknown) => {
    if (CANNOT_LINK.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  });
}

/** Resolves once what was written to a file, or the names in a folder, survive a power loss. */
export async function flush(place: string): Promise<void> {
  const handle = await fs.promises.open(place, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Puts a text in place of a file, whole or not at all. */
export async function replaceText(file: string, text: string): Promise<void> {
  const spare = `${file}.new`;
  await fs.promises.writeFile(spare, text, { mode: 0o600 });
  await flush(spare);
  await fs.promises.rename(spare, file);
  await flush(path.dirname(file));
}

/** Files below a folder, their paths relative to it; none if it is not there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}
