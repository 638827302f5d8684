import type { EntityManager } from 'typeorm';
import { isLast } from './delivery-filter.js';
import { DeliveryEntity, withoutColumns, type DeliveryRow } from './entities.js';
import type { FlowVersions } from './flow-versions.js';
import { followFlow } from './follow-flow.js';
import { noteDeliveries, type DeliveryFact, type NotedDelivery } from './note-delivery.js';
import { rowInsert, rowSelect } from './row-access.js';
import { FOR_UPDATE, NOW } from './engine.js';
import { noteDue } from './transaction-notes.js';
import { valueList } from './value-list.js';

const CHANGED = `RETURNING id, authority, item_seq AS "itemSeq", item_uid AS "itemUid", flow, step, state, ${NOW} AS now`;
const RETRY = `UPDATE delivery SET attempts = CASE WHEN state = 'parked' THEN 0 ELSE attempts END, polls = 0,
    reason = CASE WHEN state = 'parked' THEN NULL ELSE reason END, fix = NULL, due_at = ${NOW},
    state_since = CASE WHEN state = 'parked' THEN ${NOW} ELSE state_since END, state = 'ready'`;
const CANCEL = `UPDATE delivery SET state = 'cancelled', state_since = ${NOW}, reason = ?, fix = NULL`;
const ASK_BACK = `UPDATE delivery SET cancel_requested = ?, due_at = ${NOW}`;
const ASK_NOW = (meant: string): string => `UPDATE delivery SET due_at = ${NOW} WHERE ${meant} AND state = 'sent' AND (due_at > ${NOW} OR lease_until IS NOT NULL) RETURNING ${NOW} AS now`;
const LOCK_ITEMS = (marks: string): string => `SELECT seq FROM item WHERE seq IN (SELECT item_seq FROM delivery WHERE seq IN (${marks})) ORDER BY seq ${FOR_UPDATE}`;
/** After a rejection only return steps are carried out, and what forwards the item; the rejected step itself may be sent again. */
const MAY_GO_ON = `(role = 'return' OR step = 'forward' OR NOT EXISTS (SELECT 1 FROM delivery r WHERE r.item_seq = delivery.item_seq AND r.flow = delivery.flow
    AND r.step <> delivery.step AND r.role = 'step' AND r.state = 'rejected' AND ${isLast('r')}))`;
/** What is left of an item whose content went (retention) must not be sent as if it were all. */
const HAS_CONTENT = 'NOT EXISTS (SELECT 1 FROM item i WHERE i.seq = delivery.item_seq AND i.purged_at IS NOT NULL)';

const insertDelivery = rowInsert<DeliveryRow, Omit<DeliveryRow, 'seq'>>(DeliveryEntity);

type Changed = NotedDelivery & Pick<DeliveryRow, 'itemSeq' | 'flow' | 'state'> & { readonly now: number };

/** Makes parked ones ready again, and waiting retries due; returns how many. After a rejection on their flow, only those
 * that the other side may have: it is asked, and they are not sent any more. */
export async function retryDeliveries(manager: EntityManager, seqs: readonly number[], actor: string): Promise<number> {
  const { marks, values } = valueList(seqs);
  const changed = await manager.query<Changed[]>(`${RETRY} WHERE seq IN (${marks}) AND (state = 'parked' OR (state = 'ready' AND due_at > ${NOW})) AND (marked_at IS NOT NULL OR ${MAY_GO_ON}) ${CHANGED}`, values);
  noteDue(manager, changed.map(({ now }) => now));
  note(manager, changed.map((delivery) => ({ delivery, event: 'delivery.retried', data: {} })), changed, actor);
  return changed.length;
}

/** Makes the question for what was sent due now, and due again where it is being asked: the answer may be older than the wish.
 * Returns how many. Not written down: it changes nothing, and what it brings about is. */
export function askAboutDeliveries(manager: EntityManager, seqs: readonly number[]): Promise<number> {
  const { marks, values } = valueList(seqs);
  return askNow(manager, `seq IN (${marks})`, values);
}

/** The same, by what the other side of a connector calls them. */
export function askAboutReferences(manager: EntityManager, authority: string, connector: string, references: readonly string[]): Promise<number> {
  const { marks, values } = valueList(references);
  return askNow(manager, `lane = (SELECT lane FROM connector_state WHERE authority = ? AND connector = ?) AND remote_reference IN (${marks})`, [authority, connector, ...values]);
}

async function askNow(manager: EntityManager, meant: string, values: unknown[]): Promise<number> {
  const hurried = await manager.query<{ now: number }[]>(ASK_NOW(meant), values);
  noteDue(manager, hurried.map(({ now }) => now));
  return hurried.length;
}

export interface Cancelling {
  readonly versions: FlowVersions;
  readonly actor: string;
  readonly reason: string;
}

/** Cancels what is not under way nor over, with the steps behind it; `sent` ones are asked back. Returns how many. */
export async function cancelDeliveries(manager: EntityManager, seqs: readonly number[], { versions, actor, reason }: Cancelling): Promise<number> {
  const { marks, values } = valueList(seqs);
  const cancelled = await manager.query<Changed[]>(`${CANCEL} WHERE seq IN (${marks}) AND state IN ('waiting', 'ready', 'parked') ${CHANGED}`, [reason, ...values]);
  const asked = await manager.query<Changed[]>(`${ASK_BACK} WHERE seq IN (${marks}) AND state = 'sent' AND cancel_requested = ? ${CHANGED}`, [true, ...values, false]);
  noteDue(manager, asked.map(({ now }) => now));
  note(manager, [
    ...cancelled.map((delivery): DeliveryFact => ({ delivery, event: 'delivery.cancelled', data: { reason } })),
    ...asked.map((delivery): DeliveryFact => ({ delivery, event: 'delivery.cancel-requested', data: { reason } })),
  ], [...cancelled, ...asked], actor);
  const flows = new Map(cancelled.map((delivery) => [JSON.stringify([delivery.itemSeq, delivery.flow]), delivery]));
  for (const { itemSeq, itemUid, authority, flow, now } of flows.values()) {
    await followFlow(manager, versions, { seq: itemSeq, uid: itemUid, authority }, flow, now, actor);
  }
  return cancelled.length + asked.length;
}

export interface Resending {
  readonly newId: () => string;
  readonly actor: string;
}

/** Adds a new delivery of the same step, with a new key, for what is over or parked; a parked one ends thereby. Returns how
 * many. */
export async function resendDeliveries(manager: EntityManager, seqs: readonly number[], { newId, actor }: Resending): Promise<number> {
  const { marks, values } = valueList(seqs);
  // of two operators who send the same again, the second sees what the first did
  await manager.query(LOCK_ITEMS(marks), values);
  const select = rowSelect(DeliveryEntity, `WHERE seq IN (${marks}) AND state IN ('done', 'skipped', 'rejected', 'cancelled', 'parked') AND ${isLast('delivery')} AND ${MAY_GO_ON} AND ${HAS_CONTENT} ORDER BY seq`);
  const [clock] = await manager.query<{ now: number }[]>(`SELECT ${NOW} AS now`);
  const at = clock?.now ?? 0;
  const rows = await select(manager, values);
  noteDue(manager, rows.map(() => at));
  for (const old of rows) {
    const delivery = newDelivery(old, newId(), at);
    await insertDelivery(manager, delivery);
    const facts: DeliveryFact[] = [{ delivery, event: 'delivery.resent', data: { insteadOf: old.id } }];
    if (old.state === 'parked') {
      const reason = `Sent again as ${delivery.id}.`;
      await manager.query(`${CANCEL} WHERE seq = ?`, [reason, old.seq]);
      facts.push({ delivery: old, event: 'delivery.cancelled', data: { reason } });
    }
    noteDeliveries(manager, facts, at, actor);
  }
  return rows.length;
}

function newDelivery(old: DeliveryRow, id: string, at: number): Omit<DeliveryRow, 'seq'> {
  return {
    ...withoutColumns(old, 'seq'), id, state: 'ready', stateSince: at, createdAt: at, dueAt: at, attempts: 0, polls: 0, epoch: 0,
    leaseOwner: null, leaseUntil: null, markedAt: null, remoteReference: null, receiptData: null, results: null, reason: null, fix: null,
    cancelRequested: false, foundAs: null,
  };
}

function note(manager: EntityManager, facts: readonly DeliveryFact[], changed: readonly Changed[], actor: string): void {
  noteDeliveries(manager, facts, changed[0]?.now ?? 0, actor);
}
