import cron from 'node-cron';
import { systemClock } from '../platform/clock.js';
import { runRetention } from '../retention/run-retention.js';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';

/** Content goes at night, and then the blobs that nobody refers to any more, if nobody touched them for a day. */
const SWEEP_SCHEDULE = '17 3 * * *';
const SWEEP_AGE_MS = 24 * 3_600_000;
/** Removing lets requests go first for this long at most, milliseconds. */
const GIVE_WAY_MS = 20;

/** Starts what is done at night; returns how to stop it. */
export function createMaintenance(installation: Installation, served: ServedAuthorities): () => Promise<void> {
  const stop = new AbortController();
  let night: Promise<void> = Promise.resolve();
  const task = cron.schedule(SWEEP_SCHEDULE, () => {
    night = night.then(() => letGo(installation, served, stop.signal)).then(() => sweep(installation, served));
    return night;
  });
  return async () => {
    await task.destroy();
    stop.abort();
    await night;
  };
}

/** Content whose time is over. Of several processes that do so at once, each item goes with one of them. */
async function letGo({ store, logger, traffic }: Installation, served: ServedAuthorities, signal: AbortSignal): Promise<void> {
  for (const { authority } of served.all().filter((one) => one.authority.retention.length > 0)) {
    try {
      const { items, annexes, bytes } = await runRetention({
        store: store.retention, authority, now: systemClock.now(), actor: 'retention', isDryRun: false, giveWay: () => traffic.quiet(GIVE_WAY_MS), signal,
      });
      if (items > 0) logger.info('Content that need not be kept any longer was removed', { authority: authority.id, items, annexes, bytes });
    } catch (error) {
      logger.warn('Content that need not be kept any longer could not be removed; it is tried again tomorrow', { authority: authority.id, error });
    }
  }
}

async function sweep({ store, logger }: Installation, served: ServedAuthorities): Promise<void> {
  for (const { authority, blobs } of served.all()) {
    const swept = await blobs.sweepOrphans((sha256) => store.blobReferences.isReferenced(authority.id, sha256), SWEEP_AGE_MS)
      .catch((error: unknown) => { logger.warn('The sweep of orphaned blobs failed; it runs again tomorrow', { authority: authority.id, error }); });
    if (swept !== undefined && swept.removed > 0) logger.info('Orphaned blobs removed', { authority: authority.id, ...swept });
  }
}
