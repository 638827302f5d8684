import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { openBlobStore } from '../blobs/file-blob-store.js';
import type { BlobStore } from '../blobs/blob-store.js';

/** Bytes of the documents on a desk, on disk under their hash. */
export interface DeskFiles {
  /** For who reads messages piece by piece: what it keeps there can be read here. */
  readonly store: BlobStore;
  keep(content: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly size: number }>;
  read(sha256: string): Readable;
  /** All of a file in memory: only for what signs it. */
  whole(sha256: string): Promise<Buffer>;
  /** Removes what is none of these: files of folders that are gone, and of those that were refused. */
  keepOnly(hashes: ReadonlySet<string>): Promise<void>;
  close(): Promise<void>;
}

/** In the folder given, or in a temporary one that is removed at the end. */
export async function openDeskFiles(folder?: string): Promise<DeskFiles> {
  const root = folder ?? await mkdtemp(path.join(os.tmpdir(), 'relais-desk-'));
  const store = await openBlobStore(path.join(root, 'files'));

  async function keep(content: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly size: number }> {
    const writer = store.create();
    try {
      for await (const chunk of content) await writer.write(Buffer.from(chunk));
      const staged = await writer.finish();
      await store.keep([staged]);
      return { sha256: staged.sha256, size: staged.size };
    } catch (error) {
      await writer.abort();
      throw error;
    }
  }

  return {
    store, keep,
    read: (sha256) => store.read(sha256),
    async whole(sha256) {
      const chunks: Buffer[] = [];
      for await (const chunk of store.read(sha256) as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    keepOnly: async (hashes) => { await store.sweepOrphans((sha256) => Promise.resolve(hashes.has(sha256)), 0); },
    close: async () => { if (folder === undefined) await rm(root, { recursive: true, force: true }); },
  };
}
