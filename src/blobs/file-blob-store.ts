import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { RelaisError } from '../errors.js';
import type { StagedBlob, Sweep, SweptBlobStore } from './blob-store.js';
import { createDirectorySync } from './directory-sync.js';
import { createFileWriter, incomingFile, type Waiting } from './file-writer.js';
import { createSmallFiles } from './small-files.js';

const INCOMING = 'incoming';
/** Small blobs wait for their place in memory, and are written once, as long as all of them together are not more. */
const HELD_BYTES = 8 * 1024 * 1024;
/** No caller takes so long to send a file. */
const CUT_OFF_MS = 24 * 3_600_000;
const READ_BYTES = 512 * 1024;
const SHA256 = /^[0-9a-f]{64}$/;
const FOLDER = /^[0-9a-f]{2}$/;

/** Blobs of one authority as files: `incoming/` while they arrive, then `ab/abcd…`. What it finds in `incoming/`
 * was cut off by a crash and is removed; where several processes share the folder, only what nobody has written to for a day.
 * Throws RELAIS_BLOB_UNAVAILABLE. */
export async function openBlobStore(folder: string, { shared = false }: { readonly shared?: boolean } = {}): Promise<SweptBlobStore> {
  const incoming = path.join(folder, INCOMING);
  const directories = createDirectorySync();
  const smallFiles = createSmallFiles(() => incomingFile(incoming));
  /** Where each staged blob waits; undefined once it was kept or discarded. */
  const waiting = new WeakMap<StagedBlob, Waiting>();
  let heldBytes = 0;
  /** Blobs that are being given their place now: the sweep leaves them alone. */
  const arriving = new Map<string, number>();
  await emptied(incoming, shared ? CUT_OFF_MS : 0).catch((error: unknown) => { throw unavailable('the blob folder cannot be written', error); });

  function mayHold(bytes: number): boolean {
    if (heldBytes + bytes > HELD_BYTES) return false;
    heldBytes += bytes;
    return true;
  }

  function forget(blob: StagedBlob): void {
    const where = waiting.get(blob);
    if (where !== undefined && 'chunks' in where) heldBytes -= blob.size;
    waiting.delete(blob);
  }

  async function keepOne(blob: StagedBlob): Promise<void> {
    const where = waiting.get(blob);
    if (where === undefined) return;
    const target = fileOf(folder, blob.sha256);
    arriving.set(blob.sha256, (arriving.get(blob.sha256) ?? 0) + 1);
    try {
      await directories.make(path.dirname(target));
      // over one that is there already: same bytes, and a fresh date that keeps the sweep away
      if ('file' in where) await fs.promises.rename(where.file, target);
      else await smallFiles.place(target, blob.sha256, where.chunks);
      forget(blob);
      await directories.sync(path.dirname(target));
    } finally {
      const others = (arriving.get(blob.sha256) ?? 1) - 1;
      if (others === 0) arriving.delete(blob.sha256);
      else arriving.set(blob.sha256, others);
    }
  }

  return {
    create: () => createFileWriter({ incoming, mayHold, staged: (blob, where) => waiting.set(blob, where) }),
    async keep(blobs) {
      await Promise.all(blobs.map(keepOne)).catch((error: unknown) => { throw unavailable('a file could not be kept in the blob folder', error); });
    },
    async discard(blobs) {
      // one that cannot be removed now is removed at the next start
      await Promise.allSettled(blobs.map(async (blob) => {
        const where = waiting.get(blob);
        forget(blob);
        if (where !== undefined && 'file' in where) await fs.promises.rm(where.file, { force: true });
      }));
    },
    read: (sha256) => Readable.from(contents(fileOf(folder, sha256), sha256), { objectMode: false, highWaterMark: READ_BYTES }),
    sweepOrphans: (isReferenced, olderThanMs) => sweepOrphans({ folder, isReferenced, before: Date.now() - olderThanMs, isArriving: (sha256) => arriving.has(sha256) }),
  };
}

async function emptied(incoming: string, olderThanMs: number): Promise<void> {
  await fs.promises.mkdir(incoming, { recursive: true, mode: 0o700 });
  const before = Date.now() - olderThanMs;
  for (const name of await fs.promises.readdir(incoming)) {
    const file = path.join(incoming, name);
    const found = await fs.promises.stat(file).catch(() => undefined);
    if (olderThanMs === 0 || (found?.mtimeMs ?? before) < before) await fs.promises.rm(file, { force: true });
  }
}

function fileOf(folder: string, sha256: string): string {
  if (!SHA256.test(sha256)) throw new RelaisError('RELAIS_BLOB_MISSING', 'a blob is named by 64 hexadecimal digits');
  return path.join(folder, sha256.slice(0, 2), sha256);
}

async function* contents(file: string, sha256: string): AsyncGenerator<Buffer> {
  const handle = await fs.promises.open(file, 'r').catch((error: unknown) => {
    throw new RelaisError('RELAIS_BLOB_MISSING', `blob ${sha256} cannot be read`, { cause: error });
  });
  try {
    for (;;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

interface SweepOrder {
  readonly folder: string;
  readonly isReferenced: (sha256: string) => Promise<boolean>;
  readonly before: number;
  readonly isArriving: (sha256: string) => boolean;
}

async function sweepOrphans({ folder, isReferenced, before, isArriving }: SweepOrder): Promise<Sweep> {
  let removed = 0;
  let bytes = 0;
  for (const name of (await fs.promises.readdir(folder)).filter((entry) => FOLDER.test(entry))) {
    for (const sha256 of (await fs.promises.readdir(path.join(folder, name))).filter((entry) => SHA256.test(entry))) {
      const file = path.join(folder, name, sha256);
      if (fs.statSync(file).mtimeMs >= before || await isReferenced(sha256)) continue;
      // looked at again and removed in one go: nothing can be kept under this name in between
      const { mtimeMs, size } = fs.statSync(file);
      if (mtimeMs >= before || isArriving(sha256)) continue;
      fs.unlinkSync(file);
      removed += 1;
      bytes += size;
    }
  }
  return { removed, bytes };
}

function unavailable(message: string, cause: unknown): RelaisError {
  return new RelaisError('RELAIS_BLOB_UNAVAILABLE', message, { cause });
}
