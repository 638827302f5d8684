import { createHash } from 'node:crypto';
import type { BlobStore } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';

const HEAD_BYTES = 4096;

/** A blob store that measures what passes, and keeps none of it. */
export function createPassingBlobs(): BlobStore {
  return {
    create() {
      const hash = createHash('sha256');
      let size = 0;
      let head = Buffer.alloc(0);
      return {
        write(chunk) {
          hash.update(chunk);
          size += chunk.length;
          if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
          return undefined;
        },
        finish: () => Promise.resolve({ sha256: hash.digest('hex'), size, head }),
        abort: () => Promise.resolve(),
      };
    },
    keep: () => Promise.resolve(),
    discard: () => Promise.resolve(),
    read(sha256) { throw new RelaisError('RELAIS_BLOB_MISSING', `blob ${sha256} was not kept`); },
  };
}
