import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { BlobStore, StagedBlob } from '../../src/blobs/blob-store.js';
import { RelaisError } from '../../src/errors.js';

/** A blob store in memory that shows what is left: nothing may be, but what was kept. */
export interface MemoryBlobStore extends BlobStore {
  /** Writers neither finished nor aborted. */
  readonly openWriters: number;
  /** Finished, neither kept nor discarded. */
  readonly staged: readonly StagedBlob[];
  bytesOf(blob: StagedBlob): Buffer;
}

export interface MemoryBlobStoreOptions {
  /** Lets every n-th write wait, as a busy disk does. */
  readonly slowEvery?: number;
  /** Makes `finish` fail. */
  readonly isFull?: boolean;
}

export function memoryBlobStore({ slowEvery = 0, isFull = false }: MemoryBlobStoreOptions = {}): MemoryBlobStore {
  const contents = new Map<string, Buffer>();
  const staged = new Set<StagedBlob>();
  let openWriters = 0;
  let writes = 0;

  return {
    get openWriters() { return openWriters; },
    get staged() { return [...staged]; },
    bytesOf: (blob) => contents.get(blob.sha256) ?? Buffer.alloc(0),
    create() {
      const chunks: Buffer[] = [];
      let isBusy = false;
      openWriters += 1;
      return {
        write(chunk) {
          if (isBusy) throw new Error('write was called before the last one was awaited');
          chunks.push(Buffer.from(chunk));
          writes += 1;
          if (slowEvery === 0 || writes % slowEvery !== 0) return undefined;
          isBusy = true;
          return new Promise((resolve) => { setImmediate(() => { isBusy = false; resolve(); }); });
        },
        async finish() {
          await Promise.resolve();
          if (isFull) throw new RelaisError('RELAIS_BLOB_UNAVAILABLE', 'no room');
          openWriters -= 1;
          const bytes = Buffer.concat(chunks);
          const blob = { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, head: bytes.subarray(0, 4096) };
          contents.set(blob.sha256, bytes);
          staged.add(blob);
          return blob;
        },
        async abort() {
          await Promise.resolve();
          openWriters -= 1;
        },
      };
    },
    async keep(blobs) {
      await Promise.resolve();
      for (const blob of blobs) staged.delete(blob);
    },
    async discard(blobs) {
      await Promise.resolve();
      for (const blob of blobs) staged.delete(blob);
    },
    read(sha256) {
      const bytes = contents.get(sha256);
      if (bytes === undefined) throw new RelaisError('RELAIS_BLOB_MISSING', `blob ${sha256} is missing`);
      return Readable.from([bytes]);
    },
  };
}
