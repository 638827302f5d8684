import type { FileHandle } from 'node:fs/promises';
import fs from 'node:fs/promises';
import { RelaisError } from '../errors.js';

/** More than this waiting for the disk makes the caller wait. */
const PENDING_BYTES = 1024 * 1024;

/** A new file that is written in the order of the calls, without waiting for each. The first failure is the answer to
 * everything after it. */
export interface WriteBehind {
  /** True if so much waits for the disk that more should not be brought yet, or if writing failed. */
  isBehind(): boolean;
  append(chunks: readonly Buffer[], bytes: number): void;
  /** Resolves when nothing waits. Throws RELAIS_BLOB_UNAVAILABLE. */
  settled(): Promise<void>;
  /** Flushes (fsync) and closes. Throws RELAIS_BLOB_UNAVAILABLE and removes the file. */
  complete(): Promise<void>;
  /** Stops writing and removes the file. Never throws. */
  remove(): Promise<void>;
}

/** `file` must not be there; it is made by the first bytes. */
export function createWriteBehind(file: string): WriteBehind {
  let handle: FileHandle | undefined;
  let failure: RelaisError | undefined;
  let pending = 0;
  /** Never rejects. */
  let disk: Promise<void> = Promise.resolve();

  function enqueue(task: () => Promise<void>): void {
    disk = disk.then(async () => {
      if (failure === undefined) await task().catch((error: unknown) => { failure = unavailable(error); });
    });
  }

  async function writeOut(chunks: readonly Buffer[]): Promise<void> {
    handle ??= await fs.open(file, 'wx', 0o600);
    let rest = chunks;
    while (rest.length > 0) rest = unwritten(rest, (await handle.writev(rest)).bytesWritten);
  }

  async function settled(): Promise<void> {
    await disk;
    if (failure !== undefined) throw failure;
  }

  async function remove(): Promise<void> {
    failure ??= unavailable(undefined);
    await disk;
    // what cannot be removed now is removed at the next start
    await handle?.close().catch(ignored);
    handle = undefined;
    await fs.rm(file, { force: true }).catch(ignored);
  }

  return {
    isBehind: () => pending > PENDING_BYTES || failure !== undefined,
    append(chunks, bytes) {
      pending += bytes;
      enqueue(() => writeOut(chunks));
      disk = disk.then(() => { pending -= bytes; });
    },
    settled,
    async complete() {
      enqueue(async () => {
        await handle?.datasync();
        await handle?.close();
        handle = undefined;
      });
      await disk;
      if (failure === undefined) return;
      const reason = failure;
      await remove();
      throw reason;
    },
    remove,
  };
}

/** `writev` may write less than it was given, as when the disk is nearly full. */
export function unwritten(chunks: readonly Buffer[], written: number): Buffer[] {
  let skipped = written;
  return chunks.flatMap((chunk) => {
    const skip = Math.min(skipped, chunk.length);
    skipped -= skip;
    return skip === chunk.length ? [] : [chunk.subarray(skip)];
  });
}

function ignored(): void {
  // a clean-up: nobody could do anything about it now
}

function unavailable(cause: unknown): RelaisError {
  return new RelaisError('RELAIS_BLOB_UNAVAILABLE', 'a file could not be written to the blob folder', { cause });
}
