import { createHash } from 'node:crypto';
import type { BlobWriter, StagedBlob } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';
import type { StagedChunks } from './database-blob-store.js';

/** Of each piece but the last. */
export const CHUNK_BYTES = 256 * 1024;
/** Pieces on their way to the database before the writer is asked to wait. */
const AHEAD = 4;
const HEAD_BYTES = 4096;

export interface ChunkWriterParts {
  /** Names the pieces. */
  readonly id: string;
  /** Run before the first piece. */
  readonly begin: () => Promise<unknown>;
  readonly addChunk: (position: number, bytes: Buffer) => Promise<unknown>;
  readonly remove: () => Promise<void>;
  /** Asked once for a small blob: true if it may wait in memory. */
  readonly mayHold: (bytes: number) => boolean;
  readonly staged: (blob: StagedBlob, where: StagedChunks) => void;
}

/** Takes one blob, hashing on the way; what is larger than one piece goes to the database while it arrives. */
export function createChunkWriter({ id, begin, addChunk, remove, mayHold, staged }: ChunkWriterParts): BlobWriter {
  const hash = createHash('sha256');
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  let size = 0;
  let head = Buffer.alloc(0);
  let position = 0;
  let onTheWay = 0;
  let failure: RelaisError | undefined;
  /** The last piece under way; never rejects. */
  let writing: Promise<void> = Promise.resolve();

  function pass(bytes: Buffer): void {
    const own = position;
    position += 1;
    onTheWay += 1;
    writing = writing.then(async () => {
      if (failure !== undefined) return;
      if (own === 0) await begin();
      await addChunk(own, bytes);
    }).catch((error: unknown) => {
      failure = new RelaisError('RELAIS_BLOB_UNAVAILABLE', 'a file could not be written to the database', { cause: error });
    }).finally(() => { onTheWay -= 1; });
  }

  /** Passes on whole pieces; the rest stays. */
  function passWhole(): void {
    const bytes = Buffer.concat(gathered, gatheredBytes);
    let from = 0;
    for (; bytes.length - from >= CHUNK_BYTES; from += CHUNK_BYTES) pass(bytes.subarray(from, from + CHUNK_BYTES));
    gathered = [bytes.subarray(from)];
    gatheredBytes = bytes.length - from;
  }

  async function settled(): Promise<void> {
    await writing;
    if (failure !== undefined) throw failure;
  }

  return {
    write(chunk) {
      hash.update(chunk);
      size += chunk.length;
      if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
      gathered.push(chunk);
      gatheredBytes += chunk.length;
      if (gatheredBytes >= CHUNK_BYTES) passWhole();
      return onTheWay > AHEAD || failure !== undefined ? settled() : undefined;
    },
    async finish() {
      const rest = Buffer.concat(gathered, gatheredBytes);
      const isHeld = position === 0 && mayHold(size);
      if (!isHeld && rest.length > 0) pass(rest);
      await settled();
      const blob = { sha256: hash.digest('hex'), size, head };
      staged(blob, isHeld ? { chunk: rest } : { id });
      return blob;
    },
    async abort() {
      await writing;
      // what cannot be removed now is removed by a sweep
      if (position > 0) await remove().catch(() => undefined);
    },
  };
}
