import type { EntityManager } from 'typeorm';
import type { ClaimRequest } from '../delivery/store.js';
import { openSlots } from '../delivery/rate.js';
import type { BreakerState } from '../domain/connector-state.js';
import { NOW } from './engine.js';

/** A lane with room for deliveries now, or later. */
export interface DueLane {
  readonly lane: number;
  readonly authority: string;
  readonly connector: string;
  readonly breaker: BreakerState;
  readonly failures: number;
  readonly nextSlotAt: number;
  /** When the first delivery of each sort is due; null: none. */
  readonly readyAt: number | null;
  readonly orderedAt: number | null;
  readonly gatheredAt: number | null;
  readonly sentAt: number | null;
  /** When something of it may be claimed, as far as that is known. */
  readonly from: number;
  /** How many slots may be used, and how many of them for what counts by the rate: what was sent before is only asked about. */
  readonly room: number;
  readonly slots: number;
  readonly askTogether: number;
  readonly gathers: boolean;
  readonly perMinute: number | null;
  readonly now: number;
}

/** Deliveries that keep an order and are neither waiting nor over: the oldest of each key is its turn. Those that wait for a load
 * have had it: a load keeps the order by itself. */
export const ORDERED = 'order_key IS NOT NULL AND load_group IS NULL AND state IN (\'ready\', \'sending\')';

/** The keys of a lane, found one by one through the index instead of reading all that waits. `lane` is an expression. */
export function keysOf(lane: string): string {
  return `RECURSIVE turn (name) AS (
    SELECT min(order_key) FROM delivery WHERE lane = ${lane} AND ${ORDERED}
    UNION ALL
    SELECT (SELECT min(order_key) FROM delivery WHERE lane = ${lane} AND ${ORDERED} AND order_key > turn.name) FROM turn WHERE turn.name IS NOT NULL)`;
}

/** The oldest delivery of key `turn.name`. */
export function headOf(lane: string): string {
  return `(SELECT o.seq FROM delivery o WHERE o.lane = ${lane} AND o.order_key = turn.name AND ${ORDERED} ORDER BY o.seq LIMIT 1)`;
}

/** One look into an index for each lane and sort: the cost grows with the connectors, not with what waits. */
const LANES = `SELECT c.lane, c.authority, c.connector, c.breaker, c.failures, c.canary_at AS "canaryAt", c.next_slot_at AS "nextSlotAt", ${NOW} AS now,
    (SELECT due_at FROM delivery WHERE lane = c.lane AND state = 'ready' AND order_key IS NULL AND load_group IS NULL ORDER BY due_at LIMIT 1) AS "readyAt",
    (WITH ${keysOf('c.lane')} SELECT min(d.due_at) FROM turn JOIN delivery d ON d.seq = ${headOf('c.lane')} WHERE d.state = 'ready') AS "orderedAt",
    (SELECT due_at FROM delivery WHERE lane = c.lane AND state = 'ready' AND load_group IS NOT NULL ORDER BY due_at LIMIT 1) AS "gatheredAt",
    (SELECT due_at FROM delivery WHERE lane = c.lane AND state = 'sent' AND lease_until IS NULL ORDER BY due_at LIMIT 1) AS "sentAt"
  FROM connector_state c WHERE c.hold_at IS NULL`;
/** Those that were claimed together take one place. */
const RUNNING = 'SELECT lane, count(DISTINCT coalesce(slot, seq)) AS running FROM delivery WHERE lease_until IS NOT NULL GROUP BY lane';

type LaneRow = Pick<DueLane, 'lane' | 'authority' | 'connector' | 'breaker' | 'failures' | 'nextSlotAt' | 'readyAt' | 'orderedAt' | 'gatheredAt' | 'sentAt' | 'now'> & { readonly canaryAt: number | null };

/** Lanes in which something waits that this process serves and that nothing but time holds back. */
export async function readDueLanes(manager: EntityManager, limitsOf: ClaimRequest['limitsOf']): Promise<DueLane[]> {
  const rows = await manager.query<LaneRow[]>(LANES);
  const running = new Map((await manager.query<{ lane: number; running: number }[]>(RUNNING)).map((row) => [row.lane, row.running]));
  return rows.flatMap((row) => dueLane(row, running.get(row.lane) ?? 0, limitsOf));
}

function dueLane(row: LaneRow, running: number, limitsOf: ClaimRequest['limitsOf']): DueLane[] {
  const dueAt = earliest(row.readyAt, row.orderedAt, row.gatheredAt, row.sentAt);
  const limits = dueAt === null ? null : limitsOf(row.authority, row.connector);
  if (limits === null) return [];
  // through an open breaker goes one, when it is time for it, and nothing else meanwhile
  const room = Math.max(0, row.breaker === 'open' ? 1 - running : limits.concurrency - running);
  if (room === 0) return [];
  const { perMinute, gathers = false, askTogether = 1 } = limits;
  const slots = Math.min(room, openSlots(row.nextSlotAt, perMinute, row.now));
  return [{ ...row, from: Math.max(startOf(row, gathers, slots), canaryOf(row)), room, slots, perMinute, gathers, askTogether }];
}

/** When something of it is due that its rate lets through. */
function startOf({ readyAt, orderedAt, gatheredAt, sentAt, nextSlotAt }: LaneRow, gathers: boolean, slots: number): number {
  const counted = gathers ? gatheredAt : earliest(readyAt, orderedAt, gatheredAt);
  const uncounted = gathers ? earliest(readyAt, orderedAt, sentAt) : sentAt;
  return earliest(uncounted, counted !== null && slots === 0 ? Math.max(counted, nextSlotAt) : counted) ?? 0;
}

/** Before it nothing goes through an open breaker. */
function canaryOf({ breaker, canaryAt }: LaneRow): number {
  return breaker === 'open' ? canaryAt ?? 0 : 0;
}

function earliest(...times: readonly (number | null)[]): number | null {
  return times.reduce((a, b) => (a === null || b === null ? a ?? b : Math.min(a, b)), null);
}
