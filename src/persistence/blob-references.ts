import type { TransactionDoor } from './transaction-door.js';

/** Which blobs of an authority belong to an annex of an item that still has its content; the sweep of orphans asks. */
export interface BlobReferences {
  isReferenced(authority: string, sha256: string): Promise<boolean>;
}

const REFERENCED = 'SELECT 1 FROM annex a JOIN item i ON i.seq = a.item_seq WHERE a.authority = ? AND a.sha256 = ? AND i.purged_at IS NULL LIMIT 1';

/** Looks at what is committed. */
export function createBlobReferences(door: TransactionDoor): BlobReferences {
  return {
    isReferenced: (authority, sha256) => door.read(async (manager) => {
      const found: unknown[] = await manager.query(REFERENCED, [authority, sha256]);
      return found.length > 0;
    }),
  };
}
