import path from 'node:path';
import type { BlobStore } from '../blobs/blob-store.js';
import { openBlobStore } from '../blobs/file-blob-store.js';
import { dataFolderOf } from '../config/environment.js';
import type { Store } from '../persistence/open-store.js';
import { installation } from './installation.js';

/** The blobs of an authority, beside a running gateway: what arrives there now is left alone. */
export async function blobsBeside({ databaseBlobs }: Pick<Store, 'databaseBlobs'>, authority: string): Promise<BlobStore> {
  if (databaseBlobs !== null) {
    const { configuration: { server: { store } } } = await installation();
    if (store.engine === 'postgres' && store.blobs === 'database') return databaseBlobs(authority);
  }
  return openBlobStore(path.join(dataFolderOf(process.env), 'blobs', authority), { shared: true });
}
