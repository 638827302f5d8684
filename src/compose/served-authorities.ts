import path from 'node:path';
import type { SweptBlobStore } from '../blobs/blob-store.js';
import { openBlobStore } from '../blobs/file-blob-store.js';
import type { Configuration } from '../config/load-configuration.js';
import type { SoapMount } from '../server/create-http-app.js';
import type { Installation } from './installation.js';
import { serveAuthority, type ServedAuthority } from './serve-authority.js';

/** The authorities that are served now. */
export interface ServedAuthorities {
  readonly get: (id: string) => ServedAuthority | undefined;
  readonly all: () => readonly ServedAuthority[];
  /** Their places under the server; the same array until they change. */
  readonly mounts: () => readonly SoapMount[];
  /** Serves the authorities of a configuration in place of those before. Rejects without having changed anything. */
  replace(installation: Installation, configuration: Configuration): Promise<void>;
}

/** Nothing is served until the first `replace`. */
export function createServedAuthorities(): ServedAuthorities {
  let byId: ReadonlyMap<string, ServedAuthority> = new Map();
  let mounts: readonly SoapMount[] = [];
  /** Opened once in the life of a process: blobs that arrive are the store's own affair, and a reload must not lose them. */
  const blobStores = new Map<string, Promise<SweptBlobStore>>();

  function blobsOf(installation: Installation, authority: string): Promise<SweptBlobStore> {
    const opened = blobStores.get(authority) ?? openBlobs(installation, authority);
    blobStores.set(authority, opened);
    opened.catch(() => blobStores.delete(authority));
    return opened;
  }

  return {
    get: (id) => byId.get(id),
    all: () => [...byId.values()],
    mounts: () => mounts,
    async replace(installation, configuration) {
      const served = await Promise.all(configuration.authorities.map(async (configured) =>
        serveAuthority(installation, configured, await blobsOf(installation, configured.authority.id))));
      byId = new Map(served.map((one) => [one.authority.id, one]));
      mounts = served.map(({ mount }) => mount);
    },
  };
}

async function openBlobs({ configuration: { server, dataFolder }, store }: Installation, authority: string): Promise<SweptBlobStore> {
  if (server.store.engine === 'postgres' && server.store.blobs === 'database' && store.databaseBlobs !== null) return store.databaseBlobs(authority);
  return openBlobStore(path.join(dataFolder, 'blobs', authority), { shared: server.store.engine === 'postgres' });
}
