import type { EntityManager } from 'typeorm';
import type { DeliveryState } from '../domain/delivery.js';
import type { FieldValue } from '../domain/mapping.js';
import type { ForwardingStand, ForwardingStore } from '../facade/forwarding-waits.js';
import { NOW } from './engine.js';
import type { FlowVersions } from './flow-versions.js';
import { followFlow } from './follow-flow.js';
import { ENGINE, noteDeliveries, type NotedDelivery } from './note-delivery.js';
import type { TransactionDoor } from './transaction-door.js';

const STAND = `SELECT d.id AS delivery, d.state, d.reason, d.marked_at AS "markedAt", d.remote_reference AS reference, d.results, d.due_at AS "dueAt",
    c.breaker, c.canary_at AS "canaryAt", c.hold_at AS "holdAt"
  FROM item i JOIN delivery d ON d.item_seq = i.seq AND d.step = 'forward' JOIN connector_state c ON c.lane = d.lane
  WHERE i.authority = ? AND i.uid = ? ORDER BY d.seq DESC LIMIT 1`;
/** Only what is surely not over there: an engine that meanwhile took it up, at an operator's word, goes on with it. */
const WITHDRAW = `UPDATE delivery SET state = 'cancelled', state_since = ${NOW}, fix = NULL
  WHERE authority = ? AND id = ? AND step = 'forward' AND state = 'parked' AND marked_at IS NULL AND remote_reference IS NULL
  RETURNING id, authority, item_seq AS "itemSeq", item_uid AS "itemUid", flow, step, reason, ${NOW} AS now`;

interface StandRow {
  readonly delivery: string;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly markedAt: number | null;
  readonly reference: string | null;
  readonly results: string | null;
  readonly dueAt: number;
  readonly breaker: 'closed' | 'open';
  readonly canaryAt: number | null;
  readonly holdAt: number | null;
}

interface Withdrawn extends NotedDelivery {
  readonly itemSeq: number;
  readonly flow: string;
  readonly reason: string | null;
  readonly now: number;
}

/** What calls that wait for a system behind a meeting config need of the ledger. */
export function createForwardingStore(door: TransactionDoor, versions: FlowVersions): ForwardingStore {
  return {
    standOf: (authority, uid) => door.read(async (manager) => {
      const [row] = await manager.query<StandRow[]>(STAND, [authority, uid]);
      return row === undefined ? null : standOf(row);
    }),
    withdrawRefused: (authority, delivery) => door.write((manager) => withdrawRefused(manager, versions, authority, delivery)),
  };
}

function standOf({ delivery, state, reason, markedAt, reference, results, dueAt, breaker, canaryAt, holdAt }: StandRow): ForwardingStand {
  const opensAt = breaker === 'open' ? canaryAt ?? 0 : 0;
  return {
    delivery, state, reason, mayBeThere: markedAt !== null || reference !== null, warnings: warningsIn(results), triedFrom: holdAt === null ? Math.max(dueAt, opensAt) : null,
  };
}

function warningsIn(results: string | null): readonly string[] {
  const { warnings = [] } = JSON.parse(results ?? '{}') as Readonly<Record<string, FieldValue | undefined>>;
  return (Array.isArray(warnings) ? warnings as readonly string[] : [warnings]).filter((warning) => typeof warning === 'string' && warning !== '') as readonly string[];
}

async function withdrawRefused(manager: EntityManager, versions: FlowVersions, authority: string, id: string): Promise<boolean> {
  const [withdrawn] = await manager.query<Withdrawn[]>(WITHDRAW, [authority, id]);
  if (withdrawn === undefined) return false;
  const { itemSeq, itemUid, flow, reason, now } = withdrawn;
  noteDeliveries(manager, [{ delivery: withdrawn, event: 'delivery.cancelled', data: { reason } }], now);
  await followFlow(manager, versions, { seq: itemSeq, uid: itemUid, authority }, flow, now, ENGINE);
  return true;
}
