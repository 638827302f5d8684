import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { BlobWriter, StagedBlob } from './blob-store.js';
import { createWriteBehind } from './write-behind.js';

/** Small chunks are joined to writes of at least this size. */
const WRITE_BYTES = 256 * 1024;
/** More chunks than this are copied into one, which is cheaper than handing each to the system. */
const CHUNKS = 16;
const HEAD_BYTES = 4096;

/** Writes one file under `incoming`, hashing on the way. `staged` is told the file's path once it is complete. */
export function createFileWriter(incoming: string, staged: (blob: StagedBlob, file: string) => void): BlobWriter {
  const file = path.join(incoming, randomBytes(16).toString('hex'));
  const disk = createWriteBehind(file);
  const hash = createHash('sha256');
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let size = 0;
  let head = Buffer.alloc(0);

  function pass(): void {
    disk.append(gathered.length > CHUNKS ? [Buffer.concat(gathered, gatheredBytes)] : gathered, gatheredBytes);
    gathered = [];
    gatheredBytes = 0;
  }

  return {
    write(chunk) {
      hash.update(chunk);
      size += chunk.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      gathered.push(chunk);
      gatheredBytes += chunk.length;
      if (gatheredBytes >= WRITE_BYTES) pass();
      return disk.isBehind() ? disk.settled() : undefined;
    },
    async finish() {
      pass();
      await disk.complete();
      const blob = { sha256: hash.digest('hex'), size, head };
      staged(blob, file);
      return blob;
    },
    abort: () => disk.remove(),
  };
}
