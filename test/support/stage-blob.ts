import type { BlobStore, StagedBlob } from '../../src/blobs/blob-store.js';

/** Hands chunks to a store, as a request does. */
export async function stage(store: BlobStore, ...chunks: Buffer[]): Promise<StagedBlob> {
  const writer = store.create();
  for (const chunk of chunks) await writer.write(chunk);
  return writer.finish();
}
