import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { BlobStore } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';

/** Blobs that items refer to, in the order of authority and name. */
const REFERENCED = `SELECT DISTINCT a.authority, a.sha256 FROM annex a JOIN item i ON i.seq = a.item_seq
  WHERE i.purged_at IS NULL AND (a.authority, a.sha256) > (?, ?) ORDER BY a.authority, a.sha256 LIMIT 500`;

export interface CopiedBlobs {
  readonly count: number;
  readonly bytes: number;
  /** Bytes that the source does not have (any more) or that were altered there: `<authority>/<sha256>`. */
  readonly missing: readonly string[];
}

export interface BlobCopy {
  readonly from: (authority: string) => Promise<BlobStore>;
  /** Null: the bytes stay where they are, and are verified only. */
  readonly to: ((authority: string) => BlobStore) | null;
}

/** Reads every blob that an item refers to and verifies its hash; writes it to the other place. What was copied before is kept
 * once, so that it may be run again. */
export async function copyBlobs(source: EntityManager, { from, to }: BlobCopy): Promise<CopiedBlobs> {
  let count = 0;
  let bytes = 0;
  const missing: string[] = [];
  const stores = new Map<string, BlobStore>();
  let last = { authority: '', sha256: '' };
  for (;;) {
    const page = await source.query<{ authority: string; sha256: string }[]>(REFERENCED, [last.authority, last.sha256]);
    for (const { authority, sha256 } of page) {
      const store = stores.get(authority) ?? await from(authority);
      stores.set(authority, store);
      const size = await copyBlob(store, to?.(authority) ?? null, sha256);
      if (size === null) missing.push(`${authority}/${sha256}`);
      else bytes += size;
      count += size === null ? 0 : 1;
    }
    const end = page.at(-1);
    if (end === undefined) return { count, bytes, missing };
    last = end;
  }
}

/** The size, or null if the source has not these bytes. */
async function copyBlob(from: BlobStore, to: BlobStore | null, sha256: string): Promise<number | null> {
  const writer = to?.create();
  const hash = createHash('sha256');
  let size = 0;
  try {
    for await (const chunk of from.read(sha256) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      await writer?.write(chunk);
    }
  } catch (error) {
    await writer?.abort();
    if (error instanceof RelaisError && error.code === 'RELAIS_BLOB_MISSING') return null;
    throw error;
  }
  if (hash.digest('hex') !== sha256) {
    await writer?.abort();
    return null;
  }
  if (writer !== undefined) await to?.keep([await writer.finish()]);
  return size;
}
