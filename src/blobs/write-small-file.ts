import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { promisify } from 'node:util';
import { unwritten } from './write-behind.js';

const datasync = promisify(fs.fdatasync);

/** Writes a new file of a few hundred KiB and flushes it. Only the flush leaves the thread: the rest goes to the system's
 * cache and costs less than handing it over. Rejects with the system's error; a file that it began is then removed. */
async function writeSmallFile(file: string, chunks: readonly Buffer[]): Promise<void> {
  const descriptor = fs.openSync(file, 'wx', 0o600);
  try {
    for (let rest = chunks; rest.length > 0;) rest = unwritten(rest, fs.writevSync(descriptor, rest));
    await datasync(descriptor);
  } catch (error) {
    fs.rmSync(file, { force: true });
    throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Puts bytes under their final name. No item refers to that name yet unless the bytes are there already, so a crash in
 * the middle leaves only what nobody reads; the next one to bring the same bytes replaces it. */
export async function placeSmallFile(target: string, sha256: string, chunks: readonly Buffer[], spare: string): Promise<void> {
  try {
    await writeSmallFile(target, chunks);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (await holds(target, sha256)) {
      // a fresh date keeps the sweep away
      const now = new Date();
      await fs.promises.utimes(target, now, now);
      return;
    }
    await writeSmallFile(spare, chunks);
    await fs.promises.rename(spare, target);
  }
}

async function holds(file: string, sha256: string): Promise<boolean> {
  return createHash('sha256').update(await fs.promises.readFile(file)).digest('hex') === sha256;
}
