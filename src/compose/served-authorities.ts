import path from 'node:path';
import type { SweptBlobStore } from '../blobs/blob-store.js';
import { openBlobStore } from '../blobs/file-blob-store.js';
import type { Configuration } from '../config/load-configuration.js';
import { systemTimer } from '../delivery/timer.js';
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
  /** Gives up what goes on towards systems behind them. Never rejects. */
  close(): Promise<void>;
}

/** Calls under way when a configuration is replaced may go on asking systems behind for this long, milliseconds: longer than any of
 * them waits. */
const RETIRE_AFTER_MS = 60_000;

/** Nothing is served until the first `replace`. */
export function createServedAuthorities(): ServedAuthorities {
  let byId: ReadonlyMap<string, ServedAuthority> = new Map();
  let mounts: readonly SoapMount[] = [];
  /** Replaced of late; each with what keeps it from being retired at its time. */
  const replaced = new Map<ServedAuthority, () => void>();
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
      const served = await serveAll(installation, configuration, blobsOf);
      for (const one of byId.values()) replaced.set(one, systemTimer.after(RETIRE_AFTER_MS, () => { replaced.delete(one); void one.retire(); }));
      byId = new Map(served.map((one) => [one.authority.id, one]));
      mounts = served.map(({ mount }) => mount);
    },
    async close() {
      for (const cancel of replaced.values()) cancel();
      await Promise.all([...replaced.keys(), ...byId.values()].map((one) => one.retire()));
      replaced.clear();
    },
  };
}

/** All of them, or none. */
async function serveAll(installation: Installation, { authorities }: Configuration, blobsOf: (installation: Installation, authority: string) => Promise<SweptBlobStore>): Promise<ServedAuthority[]> {
  const begun = await Promise.allSettled(authorities.map(async (configured) => serveAuthority(installation, configured, await blobsOf(installation, configured.authority.id))));
  const served = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = begun.find((one) => one.status === 'rejected');
  if (failed === undefined) return served;
  await Promise.all(served.map((one) => one.retire()));
  throw failed.reason;
}

async function openBlobs({ configuration: { server, dataFolder }, store }: Installation, authority: string): Promise<SweptBlobStore> {
  if (server.store.engine === 'postgres' && server.store.blobs === 'database' && store.databaseBlobs !== null) return store.databaseBlobs(authority);
  return openBlobStore(path.join(dataFolder, 'blobs', authority), { shared: server.store.engine === 'postgres' });
}
