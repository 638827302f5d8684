import type { Pool, PoolClient } from 'pg';
import PgBoss from 'pg-boss';
import type { DataSource, EntityManager } from 'typeorm';
import type { Logger } from '../platform/logger.js';

/** A permit to claim one delivery, any one, carried by pg-boss from whoever made a delivery due to one of the processes that
 * deliver. The ledger decides what is claimed: a permit that is lost, comes twice or comes late sends nothing twice. */
export interface DeliveryPermits {
  /** One for each of these times (epoch milliseconds), valid from then on; inside the caller's transaction. */
  issue(manager: EntityManager, times: readonly number[]): Promise<void>;
  /** Takes up to `limit` that are valid by now. None if the queue cannot be asked. */
  take(limit: number): Promise<readonly string[]>;
  /** They were used. Those that are not given back come again after a while. */
  giveBack(permits: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const QUEUE = 'deliveries';
/** One transaction issues no more: whoever delivers then goes on by itself, see createBossDeliveryStore. */
const ISSUED_TOGETHER = 100;
const BOSS_SETTINGS = {
  schema: 'pgboss',
  // permits are deleted when they were used; what is left over is kept for no longer than this
  archiveCompletedAfterSeconds: 60,
  deleteAfterMinutes: 10,
  maintenanceIntervalSeconds: 60,
  schedule: false,
} as const;
const QUEUE_SETTINGS = { policy: 'standard', expireInSeconds: 30, retryLimit: 2, retentionDays: 30 } as const;

/** Opens the queue. `own`: brings its tables up to date, which one process at a time must do, and keeps them small. */
export async function openDeliveryPermits(source: DataSource, logger: Logger, own: boolean): Promise<DeliveryPermits> {
  const { master: pool } = source.driver as unknown as { readonly master: Pool };
  const boss = new PgBoss({ ...BOSS_SETTINGS, db: { executeSql: (text, values) => pool.query(text, values) }, supervise: own, migrate: own });
  boss.on('error', (error) => { logger.warn('the queue of deliveries could not be looked after', { error }); });
  const close = (): Promise<void> => (own ? boss.stop({ graceful: false, close: false }) : Promise.resolve());
  try {
    if (own) await boss.start();
    if (own) await boss.createQueue(QUEUE, { name: QUEUE, ...QUEUE_SETTINGS });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    async issue(manager, times) {
      const client = await manager.queryRunner?.connect() as PoolClient;
      const jobs = times.slice(0, ISSUED_TOGETHER).map((time) => ({ name: QUEUE, startAfter: new Date(time).toISOString() }));
      await boss.insert(jobs, { db: { executeSql: (text: string, values: unknown[]) => client.query(text, values) } } as PgBoss.InsertOptions);
    },
    take: async (limit) => (await boss.fetch(QUEUE, { batchSize: limit, priority: false })).map(({ id }) => id),
    giveBack: (permits) => (permits.length === 0 ? Promise.resolve() : boss.deleteJob(QUEUE, [...permits])),
    close,
  };
}
