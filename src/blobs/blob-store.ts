import type { Readable } from 'node:stream';

/** Bytes that arrived whole and wait, on disk or (small ones) in memory, not yet part of the store. */
export interface StagedBlob {
  readonly sha256: string;
  readonly size: number;
  /** The first bytes (at most 4 KiB), for sniffing the media type. */
  readonly head: Buffer;
}

/** Receives bytes as they arrive; hashes while writing. */
export interface BlobWriter {
  /** Resolves at once while the disk keeps up, later when it does not: await it before writing more. The buffer is the
   * writer's from then on and must not change. */
  write(chunk: Buffer): Promise<void> | undefined;
  /** Completes the blob. Throws RELAIS_BLOB_UNAVAILABLE if there is no room. */
  finish(): Promise<StagedBlob>;
  /** Removes what was written. Never throws. */
  abort(): Promise<void>;
}

export interface Sweep {
  readonly removed: number;
  readonly bytes: number;
}

/** Content-addressed bytes of one authority. Path names come from the hash alone, never from a caller. */
export interface BlobStore {
  create(): BlobWriter;
  /** Gives staged blobs their place (file and directory fsync). After it they survive a power loss; call it before the
   * transaction that refers to them. A blob that is there already is kept once. */
  keep(blobs: readonly StagedBlob[]): Promise<void>;
  /** Removes staged blobs that were not kept. Kept ones are left alone. Never throws. */
  discard(blobs: readonly StagedBlob[]): Promise<void>;
  /** Streams a blob. Throws RELAIS_BLOB_MISSING. */
  read(sha256: string): Readable;
}

export interface SweptBlobStore extends BlobStore {
  /** Removes kept blobs that no item refers to and that nobody kept for `olderThanMs`: what a refused transaction or a crash
   * left behind. Give it hours: a blob is kept before the item that refers to it. */
  sweepOrphans(isReferenced: (sha256: string) => Promise<boolean>, olderThanMs: number): Promise<Sweep>;
}
