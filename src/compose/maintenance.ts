import cron from 'node-cron';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';

/** Orphaned blobs are looked for at night, and only those that nobody touched for a day. */
const SWEEP_SCHEDULE = '17 3 * * *';
const SWEEP_AGE_MS = 24 * 3_600_000;

/** Starts what is done at night; returns how to stop it. */
export function createMaintenance(installation: Installation, served: ServedAuthorities): () => Promise<void> {
  const task = cron.schedule(SWEEP_SCHEDULE, () => sweep(installation, served));
  return async () => { await task.destroy(); };
}

async function sweep({ store, logger }: Installation, served: ServedAuthorities): Promise<void> {
  for (const { authority, blobs } of served.all()) {
    const swept = await blobs.sweepOrphans((sha256) => store.blobReferences.isReferenced(authority.id, sha256), SWEEP_AGE_MS)
      .catch((error: unknown) => { logger.warn('The sweep of orphaned blobs failed; it runs again tomorrow', { authority: authority.id, error }); });
    if (swept !== undefined && swept.removed > 0) logger.info('Orphaned blobs removed', { authority: authority.id, ...swept });
  }
}
