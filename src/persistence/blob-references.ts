import type { TransactionDoor } from './transaction-door.js';

/** Which blobs of an authority belong to an annex; the sweep of orphans asks. */
export interface BlobReferences {
  isReferenced(authority: string, sha256: string): Promise<boolean>;
}

const REFERENCED = 'SELECT 1 FROM annex WHERE authority = ? AND sha256 = ? LIMIT 1';

/** Looks at what is committed. */
export function createBlobReferences(door: TransactionDoor): BlobReferences {
  return {
    isReferenced: (authority, sha256) => door.read(async (manager) => {
      const found: unknown[] = await manager.query(REFERENCED, [authority, sha256]);
      return found.length > 0;
    }),
  };
}
