import type { CollectStore } from '../collect/store.js';
import { updateBreaker } from './breaker-store.js';
import { NOW } from './engine.js';
import type { LaneOf } from './lanes.js';
import type { TransactionDoor } from './transaction-door.js';

const BEGIN = (time: string): string => `UPDATE connector_state SET collect_at = ${NOW} + ?
  WHERE lane = ? AND ${time} AND hold_at IS NULL AND (breaker = 'closed' OR coalesce(canary_at, 0) <= ${NOW}) RETURNING lane`;
const IN_TURN = BEGIN(`collect_at <= ${NOW}`);
const AT_ONCE = BEGIN('collect_at IS NOT NULL');
const WAIT = `SELECT hold_at AS "holdAt", collect_at - ${NOW} AS "waitMs", CASE WHEN breaker = 'open' THEN coalesce(canary_at, 0) - ${NOW} ELSE 0 END AS "breakerMs"
  FROM connector_state WHERE lane = ?`;
const AGAIN = `UPDATE connector_state SET collect_at = ${NOW} + ? WHERE lane = ?`;
const AT = `SELECT ${NOW} AS at`;
const ITEM = 'SELECT item_uid AS uid FROM delivery WHERE lane = ? AND remote_reference = ? ORDER BY seq DESC LIMIT 1';

interface Wait { readonly holdAt: number | null; readonly waitMs: number; readonly breakerMs: number }

/** The turns are kept in the row of the connector, beside its breaker and its hold. */
export function createCollectStore(door: TransactionDoor, laneOf: LaneOf): CollectStore {
  return {
    async begin({ authority, connector }, everyMs, hurried) {
      const lane = await laneOf(authority, connector);
      return door.write(async (manager) => {
        const begun = await manager.query<unknown[]>(hurried ? AT_ONCE : IN_TURN, [everyMs, lane]);
        if (begun.length > 0) return 'begun';
        const [wait] = await manager.query<Wait[]>(WAIT, [lane]);
        return { waitMs: wait === undefined || wait.holdAt !== null ? null : Math.max(0, hurried ? 0 : wait.waitMs, wait.breakerMs) };
      });
    },
    async end({ authority, connector }, health, againMs) {
      const lane = await laneOf(authority, connector);
      return door.write(async (manager) => {
        if (againMs !== null) await manager.query(AGAIN, [Math.round(againMs), lane]);
        const [now] = await manager.query<{ at: number }[]>(AT);
        return { breaker: await updateBreaker(manager, lane, health, { random: Math.random, at: now?.at ?? 0 }) };
      });
    },
    async itemOf({ authority, connector }, reference) {
      const lane = await laneOf(authority, connector);
      return door.read(async (manager) => (await manager.query<{ uid: string }[]>(ITEM, [lane, reference]))[0]?.uid ?? null);
    },
  };
}
