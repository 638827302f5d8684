import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import type { Delivery } from '../domain/delivery.js';
import { RelaisError } from '../errors.js';
import type { ClaimedDelivery, DeliveryOutcome, DeliveryStore } from '../delivery/store.js';
import { DeliveryEntity, withoutColumns } from './entities.js';
import { appendJournal } from './journal-chain.js';
import { readItems } from './read-items.js';
import { NOW } from './sqlite-dialect.js';
import type { TransactionDoor } from './transaction-door.js';

/** Authorities that have something ready, found one by one through the index instead of reading all that waits. */
const AUTHORITIES = `WITH RECURSIVE busy (authority) AS (
    SELECT min(authority) FROM delivery WHERE state = 'ready'
    UNION ALL
    SELECT (SELECT min(authority) FROM delivery WHERE state = 'ready' AND authority > busy.authority) FROM busy WHERE busy.authority IS NOT NULL)`;

/** Each authority's oldest are numbered; first ones go first, beginning with the authority after the one served last. */
const PICK = `${AUTHORITIES}
  SELECT seq FROM (
    SELECT d.seq, d.authority, row_number() OVER (PARTITION BY d.authority ORDER BY d.due_at, d.seq) AS turn
    FROM busy JOIN delivery d ON d.seq IN (
      SELECT x.seq FROM delivery x WHERE x.state = 'ready' AND x.authority = busy.authority AND x.due_at <= ${NOW} ORDER BY x.due_at, x.seq LIMIT ?))
  ORDER BY turn, authority <= ?, authority LIMIT ?`;
const CLAIM = `UPDATE delivery SET state = 'sending', lease_owner = ?, lease_until = ${NOW} + ?, epoch = epoch + 1
  WHERE state = 'ready' AND seq IN (SELECT value FROM json_each(?)) RETURNING seq, ${NOW} AS now`;

/** Only the holder of the lease may write. */
const HELD = 'item_seq = (SELECT seq FROM item WHERE uid = ?) AND id = ? AND state = \'sending\' AND lease_owner = ? AND epoch = ?';
const MARK = `UPDATE delivery SET marked_at = coalesce(marked_at, ${NOW}) WHERE ${HELD} RETURNING ${NOW} AS now`;
const EXTEND = `UPDATE delivery SET lease_until = ${NOW} + ? WHERE ${HELD} RETURNING ${NOW} AS now`;
const SUCCEED = `UPDATE delivery SET state = ?, remote_reference = ?, reason = NULL, attempts = attempts + 1, lease_owner = NULL, lease_until = NULL WHERE ${HELD} RETURNING ${NOW} AS now`;
const RETRY = `UPDATE delivery SET state = 'ready', due_at = ?, reason = ?, attempts = attempts + ?, lease_owner = NULL, lease_until = NULL,
  marked_at = CASE WHEN ? THEN NULL ELSE marked_at END WHERE ${HELD} RETURNING ${NOW} AS now`;
const PARK = `UPDATE delivery SET state = 'parked', reason = ?, attempts = attempts + 1, lease_owner = NULL, lease_until = NULL WHERE ${HELD} RETURNING ${NOW} AS now`;

const READY_NEXT = `UPDATE delivery SET state = 'ready', due_at = ${NOW}
  WHERE state = 'waiting' AND item_seq = (SELECT seq FROM item WHERE uid = ?) AND flow = ?
    AND position = (SELECT min(position) FROM delivery n WHERE n.item_seq = delivery.item_seq AND n.flow = delivery.flow AND n.state <> 'done')
  RETURNING id, step, ${NOW} AS now`;
const REAP = `UPDATE delivery SET state = 'ready', due_at = ${NOW}, lease_owner = NULL, lease_until = NULL, epoch = epoch + 1
  WHERE state = 'sending' AND lease_until <= ${NOW} RETURNING id, authority, item_uid AS itemUid, step, ${NOW} AS now`;
/** Run when the store is opened: one process alone opens it, so whoever held a lease is gone. The reaper does the rest. */
export const END_LEASES = `UPDATE delivery SET lease_until = ${NOW} WHERE state = 'sending'`;
const NEXT_DUE = `${AUTHORITIES} SELECT min((SELECT min(due_at) FROM delivery WHERE state = 'ready' AND authority = busy.authority)) AS due FROM busy`;

const ENGINE = 'relais';

/** The ledger of deliveries. A change and its journal entry share a transaction. */
export function createDeliveryStore(door: TransactionDoor): DeliveryStore {
  let servedLast = '';
  return {
    async claim(owner, leaseMs, limit) {
      const claimed = await door.write((manager) => claim(manager, { owner, leaseMs, limit, servedLast }));
      servedLast = claimed.at(-1)?.delivery.authority ?? servedLast;
      return claimed;
    },
    markSent: (delivery) => door.write((manager) => guarded(manager, delivery, MARK, [], { event: 'delivery.marked', data: {} })),
    extendLease: (delivery, leaseMs) => door.write(async (manager) => (await held(manager, delivery, EXTEND, [leaseMs])) !== null),
    finish: (delivery, outcome) => door.write((manager) => finish(manager, delivery, outcome)),
    reap: () => door.write(reap),
    nextDueAt: () => door.read(async (manager) => {
      const [row] = await manager.query<{ due: number | null }[]>(NEXT_DUE);
      return row?.due ?? null;
    }),
  };
}

interface Claim { readonly owner: string; readonly leaseMs: number; readonly limit: number; readonly servedLast: string }
interface Fact { readonly event: string; readonly data: Readonly<Record<string, unknown>> }

async function claim(manager: EntityManager, { owner, leaseMs, limit, servedLast }: Claim): Promise<readonly ClaimedDelivery[]> {
  const picked = (await manager.query<{ seq: number }[]>(PICK, [limit, servedLast, limit])).map(({ seq }) => seq);
  if (picked.length === 0) return [];
  const taken = await manager.query<{ seq: number; now: number }[]>(CLAIM, [owner, leaseMs, JSON.stringify(picked)]);
  const rows = await manager.find(DeliveryEntity, { where: { seq: In(taken.map(({ seq }) => seq)) } });
  const items = new Map((await readItems(manager, [...new Set(rows.map(({ itemSeq }) => itemSeq))])).map((item) => [item.uid, item]));
  const claimed: ClaimedDelivery[] = [];
  for (const row of rows.toSorted((a, b) => picked.indexOf(a.seq) - picked.indexOf(b.seq))) {
    const delivery = withoutColumns(row, 'seq', 'itemSeq');
    const item = items.get(delivery.itemUid);
    if (item === undefined) throw new RelaisError('RELAIS_STORE_CORRUPT', `delivery ${delivery.id} belongs to no item`);
    await note(manager, delivery, taken[0]?.now ?? delivery.dueAt, { event: 'delivery.claimed', data: { attempt: delivery.attempts + 1 } });
    claimed.push({ delivery, item });
  }
  return claimed;
}

async function finish(manager: EntityManager, delivery: Delivery, outcome: DeliveryOutcome): Promise<boolean> {
  const [sql, values] = outcomeUpdate(outcome);
  const { state, ...details } = outcome;
  if (!await guarded(manager, delivery, sql, values, { event: `delivery.${state}`, data: details })) return false;
  if (state !== 'done') return true;
  const next = await manager.query<{ id: string; step: string; now: number }[]>(READY_NEXT, [delivery.itemUid, delivery.flow]);
  for (const { id, step, now } of next) await note(manager, { ...delivery, id, step }, now, { event: 'delivery.ready', data: {} });
  return true;
}

function outcomeUpdate(outcome: DeliveryOutcome): [sql: string, values: readonly unknown[]] {
  switch (outcome.state) {
    case 'done':
    case 'sent': return [SUCCEED, [outcome.state, outcome.remoteReference]];
    case 'ready': return [RETRY, [outcome.dueAt, outcome.reason, outcome.countsAsAttempt ? 1 : 0, outcome.cleared]];
    case 'parked': return [PARK, [outcome.reason]];
  }
}

async function reap(manager: EntityManager): Promise<number> {
  const expired = await manager.query<{ id: string; authority: string; itemUid: string; step: string; now: number }[]>(REAP);
  for (const delivery of expired) await note(manager, delivery, delivery.now, { event: 'delivery.lease-expired', data: {} });
  return expired.length;
}

/** Changes a delivery whose lease is still held and writes it down; false if the lease was lost. */
async function guarded(manager: EntityManager, delivery: Delivery, sql: string, values: readonly unknown[], fact: Fact): Promise<boolean> {
  const at = await held(manager, delivery, sql, values);
  if (at === null) return false;
  await note(manager, delivery, at, fact);
  return true;
}

/** The store's time of the change, or null if the lease was lost. */
async function held(manager: EntityManager, delivery: Delivery, sql: string, values: readonly unknown[]): Promise<number | null> {
  const [changed] = await manager.query<{ now: number }[]>(sql, [...values, delivery.itemUid, delivery.id, delivery.leaseOwner, delivery.epoch]);
  return changed?.now ?? null;
}

async function note(manager: EntityManager, delivery: Pick<Delivery, 'id' | 'authority' | 'itemUid' | 'step'>, at: number, { event, data }: Fact): Promise<void> {
  await appendJournal(manager, delivery.authority, [{ at, actor: ENGINE, item: delivery.itemUid, event, data: { delivery: delivery.id, step: delivery.step, ...data } }]);
}
