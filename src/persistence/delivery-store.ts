import type { EntityManager } from 'typeorm';
import type { Delivery } from '../domain/delivery.js';
import type { Claim, DeliveryStore } from '../delivery/store.js';
import type { Turn } from '../delivery/take-in-turn.js';
import { claimDeliveries } from './claim-deliveries.js';
import { readDueLanes } from './due-lanes.js';
import { finishDelivery, HELD, heldBy } from './finish-delivery.js';
import type { FlowVersions } from './flow-versions.js';
import { noteDeliveries, type NotedDelivery } from './note-delivery.js';
import { NOW } from './engine.js';
import type { TransactionDoor } from './transaction-door.js';
import { noteDue } from './transaction-notes.js';

/** Not with a lease that is over, whether or not it was reaped: what follows must not meet whoever takes the delivery over. */
const MARK = `UPDATE delivery SET marked_at = coalesce(marked_at, ${NOW}) WHERE ${HELD} AND lease_until > ${NOW} RETURNING ${NOW} AS now`;
const EXTEND = `UPDATE delivery SET lease_until = ${NOW} + ? WHERE ${HELD} RETURNING seq`;
/** Behind those that wait: what stopped the process once may stop it again. */
const REAP = `UPDATE delivery SET due_at = ${NOW}, lease_owner = NULL, lease_until = NULL, epoch = epoch + 1,
    load_group = CASE WHEN marked_at IS NULL THEN load_group END,
    state_since = CASE WHEN state = 'sending' THEN ${NOW} ELSE state_since END, state = CASE WHEN state = 'sending' THEN 'ready' ELSE state END
  WHERE lease_until IS NOT NULL AND lease_until <= ${NOW} RETURNING id, authority, item_uid AS "itemUid", step, ${NOW} AS now`;
/** Run when the store is opened by one process alone: whoever held a lease is gone. The reaper does the rest. */
export const END_LEASES = `UPDATE delivery SET lease_until = ${NOW} WHERE lease_until IS NOT NULL`;

/** Processes claim one after the other: each counts what the others have under way. */
const CLAIMS = 'claims';

export interface DeliveryStoreParts {
  readonly door: TransactionDoor;
  readonly versions: FlowVersions;
  /** In [0, 1), for the times of canaries; Math.random if not given. */
  readonly random?: () => number;
}

/** The ledger of deliveries. A change and its journal entry share a transaction. */
export function createDeliveryStore({ door, versions, random = Math.random }: DeliveryStoreParts): DeliveryStore {
  let turn: Turn = { authority: '', connectors: new Map() };
  return {
    async claim(request) {
      const claimed = await door.write(async (manager) => {
        if (door.dialect.lockKey !== null) await manager.query(door.dialect.lockKey, [CLAIMS]);
        return claimDeliveries(manager, request, versions, turn);
      }, { first: true });
      turn = afterServing(turn, claimed);
      return claimed;
    },
    markSent: (...deliveries) => door.write((manager) => markAll(manager, deliveries)).catch(orLeaseLost),
    extendLease: (delivery, leaseMs) => door.write(async (manager) => {
      const extended = await manager.query<unknown[]>(EXTEND, [leaseMs, ...heldBy(delivery)]);
      return extended.length > 0;
    }),
    finish: (delivery, outcome, health) => door.write((manager) => finishDelivery(manager, delivery, outcome, health, { versions, random, lockKey: door.dialect.lockKey })),
    reap: () => door.write(reap),
    nextDueAt: (limitsOf) => door.read(async (manager) => {
      const lanes = await readDueLanes(manager, limitsOf);
      return lanes.length === 0 ? null : Math.min(...lanes.map(({ from }) => from));
    }),
  };
}

function afterServing(turn: Turn, claimed: readonly Claim[]): Turn {
  const connectors = new Map(turn.connectors);
  for (const { delivery } of claimed) connectors.set(delivery.authority, delivery.connector);
  return { authority: claimed.at(-1)?.delivery.authority ?? turn.authority, connectors };
}

/** Undoes what was marked before it. */
class LeaseLost extends Error {}

function orLeaseLost(error: unknown): false {
  if (error instanceof LeaseLost) return false;
  throw error;
}

async function markAll(manager: EntityManager, deliveries: readonly Delivery[]): Promise<true> {
  for (const delivery of deliveries) {
    const [marked] = await manager.query<{ now: number }[]>(MARK, [...heldBy(delivery)]);
    if (marked === undefined) throw new LeaseLost();
    noteDeliveries(manager, [{ delivery, event: 'delivery.marked', data: {} }], marked.now);
  }
  return true;
}

async function reap(manager: EntityManager): Promise<number> {
  const expired = await manager.query<(NotedDelivery & { now: number })[]>(REAP);
  noteDue(manager, expired.map(({ now }) => now));
  noteDeliveries(manager, expired.map((delivery) => ({ delivery, event: 'delivery.lease-expired', data: {} })), expired[0]?.now ?? 0);
  return expired.length;
}
