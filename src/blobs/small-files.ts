import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { RecentMap } from '../platform/recent-map.js';
import { unwritten } from './write-behind.js';

const datasync = promisify(fs.fdatasync);

/** Names that this process wrote or verified, so that bytes that come again and again are not read again and again. */
const REMEMBERED = 10_000;

export interface SmallFiles {
  /** Puts bytes under their final name, flushed. No item refers to that name yet unless the bytes are there already, so a
   * crash in the middle leaves only what nobody reads, and the next one to bring the same bytes replaces it. Rejects with
   * the system's error. */
  place(target: string, sha256: string, chunks: readonly Buffer[]): Promise<void>;
}

/** `spareFile` gives names for files that are renamed over a damaged one. `flush` is handed in by tests. */
export function createSmallFiles(spareFile: () => string, flush: (descriptor: number) => Promise<void> = datasync): SmallFiles {
  const sound = new RecentMap<true>(REMEMBERED);
  /** The last one under way for each name; none of them rejects. */
  const placing = new Map<string, Promise<void>>();

  async function placeNow(target: string, sha256: string, chunks: readonly Buffer[]): Promise<void> {
    try {
      await writeSmallFile(target, chunks, flush);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await takeOver(target, sha256, chunks);
    }
    sound.set(target, true);
  }

  /** Something has the name already. */
  async function takeOver(target: string, sha256: string, chunks: readonly Buffer[]): Promise<void> {
    if (sound.get(target) === true || await holdsDurably(target, sha256, flush)) {
      // a fresh date keeps the sweep away
      const now = new Date();
      fs.utimesSync(target, now, now);
      return;
    }
    const spare = spareFile();
    await writeSmallFile(spare, chunks, flush);
    await fs.promises.rename(spare, target);
  }

  return {
    async place(target, sha256, chunks) {
      // What another call has just written is not durable before its flush has ended, and gone if that fails.
      const placed = (placing.get(target) ?? Promise.resolve()).then(() => placeNow(target, sha256, chunks));
      const ended = placed.then(() => undefined, () => undefined);
      placing.set(target, ended);
      try {
        await placed;
      } finally {
        if (placing.get(target) === ended) placing.delete(target);
      }
    },
  };
}

/** True if the file has these bytes; they are then flushed, because whoever wrote them may have been killed before. */
async function holdsDurably(file: string, sha256: string, flush: (descriptor: number) => Promise<void>): Promise<boolean> {
  if (createHash('sha256').update(await fs.promises.readFile(file)).digest('hex') !== sha256) return false;
  const descriptor = fs.openSync(file, 'r');
  try {
    await flush(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  return true;
}

/** Writes a new file of a few hundred KiB and flushes it. Only the flush leaves the thread: the rest goes to the system's
 * cache and costs less than handing it over. Rejects with the system's error; a file that it began is then removed. */
async function writeSmallFile(file: string, chunks: readonly Buffer[], flush: (descriptor: number) => Promise<void>): Promise<void> {
  const descriptor = fs.openSync(file, 'wx', 0o600);
  try {
    for (let rest = chunks; rest.length > 0;) rest = unwritten(rest, fs.writevSync(descriptor, rest));
    await flush(descriptor);
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}
