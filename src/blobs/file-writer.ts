import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { BlobWriter, StagedBlob } from './blob-store.js';
import { createWriteBehind } from './write-behind.js';

/** Small chunks are joined to writes of at least this size. */
const WRITE_BYTES = 256 * 1024;
/** More chunks than this are copied into one, which is cheaper than handing each to the system. */
const CHUNKS = 16;
const HEAD_BYTES = 4096;

/** Where a staged blob waits for its place. */
export type Waiting = { readonly file: string } | { readonly chunks: readonly Buffer[] };

export interface FileWriterParts {
  /** Folder for files that are not complete. */
  readonly incoming: string;
  /** Asked once for a small blob: true if it may wait in memory. */
  readonly mayHold: (bytes: number) => boolean;
  /** Told of the blob once it is complete. */
  readonly staged: (blob: StagedBlob, where: Waiting) => void;
}

/** A name in `incoming` that nobody else has. */
export function incomingFile(incoming: string): string {
  return path.join(incoming, randomBytes(16).toString('hex'));
}

/** Takes one blob, hashing on the way: what is larger than one write goes to a file at once. */
export function createFileWriter({ incoming, mayHold, staged }: FileWriterParts): BlobWriter {
  const file = incomingFile(incoming);
  const disk = createWriteBehind(file);
  const hash = createHash('sha256');
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let size = 0;
  let passedOn = false;
  let head = Buffer.alloc(0);

  function pass(): void {
    passedOn = true;
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
      const isHeld = !passedOn && mayHold(size);
      if (!isHeld) {
        pass();
        await disk.complete();
      }
      const blob = { sha256: hash.digest('hex'), size, head };
      staged(blob, isHeld ? { chunks: gathered } : { file });
      return blob;
    },
    abort: () => disk.remove(),
  };
}
