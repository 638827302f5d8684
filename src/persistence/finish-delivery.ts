import type { EntityManager } from 'typeorm';
import type { BroughtBack, ConnectorHealth, DeliveryOutcome, Finished } from '../delivery/store.js';
import type { Delivery } from '../domain/delivery.js';
import { FORWARD_STEP } from '../domain/flow.js';
import type { FieldValue } from '../domain/mapping.js';
import { updateBreaker } from './breaker-store.js';
import type { FlowVersions } from './flow-versions.js';
import { awaitLoad } from './await-load.js';
import { followFlow, LOCK_ITEM, type ChangedItem } from './follow-flow.js';
import { followItem } from './follow-item.js';
import { putOnItem } from './item-results.js';
import { ENGINE, noteDeliveries } from './note-delivery.js';
import { noteDue } from './transaction-notes.js';
import { NOW } from './engine.js';

/** Only the holder of the lease may write. */
export const HELD = 'item_seq = (SELECT seq FROM item WHERE uid = ?) AND id = ? AND state = ? AND lease_owner = ? AND epoch = ?';
const FREE = 'lease_owner = NULL, lease_until = NULL';
const STATE = `state = ?, state_since = ${NOW}, ${FREE}`;
const SENT_BEFORE = 'SELECT results FROM delivery WHERE seq = ?';
const SET_RESULTS = 'UPDATE delivery SET results = ? WHERE seq = ?';

/** Values for the placeholders of HELD. */
export function heldBy(delivery: Delivery): readonly unknown[] {
  return [delivery.itemUid, delivery.id, delivery.state, delivery.leaseOwner, delivery.epoch];
}

export interface FinishParts {
  readonly versions: FlowVersions;
  /** In [0, 1). */
  readonly random: () => number;
  /** See Dialect. */
  readonly lockKey: string | null;
}

interface FinishedRow { readonly seq: number; readonly itemSeq: number; readonly lane: number; readonly now: number }

/** One transaction for all that an attempt or a question changes; false if the lease was lost. */
export async function finishDelivery(manager: EntityManager, delivery: Delivery, outcome: DeliveryOutcome, health: ConnectorHealth, { versions, random, lockKey }: FinishParts): Promise<Finished | false> {
  const { set, values } = change(delivery, outcome);
  const [row] = await manager.query<FinishedRow[]>(
    `UPDATE delivery SET ${set} WHERE ${HELD} RETURNING seq, item_seq AS "itemSeq", lane, ${NOW} AS now`, [...values, ...heldBy(delivery)],
  );
  if (row === undefined) return false;
  if (outcome.state === 'gathered') noteDeliveries(manager, [{ delivery, event: 'delivery.ready', data: await awaitLoad(manager, row, outcome.load, lockKey) }], row.now);
  else if (isWorthNoting(delivery, outcome)) noteDeliveries(manager, [{ delivery, event: `delivery.${outcome.state}`, data: factOf(outcome) }], row.now);
  if ('dueAt' in outcome) noteDue(manager, [outcome.dueAt]);
  const item = { seq: row.itemSeq, uid: delivery.itemUid, authority: delivery.authority };
  const brought = 'broughtBack' in outcome ? outcome.broughtBack : null;
  const moved = brought !== null && await keepBrought(manager, item, brought, row);
  // a new review state may be what steps of any flow wait for; what is free again may meanwhile have been given up by its flow
  if (moved || endsAttempt(outcome) || isForwarded(delivery, outcome)) await followFlow(manager, versions, item, moved ? null : delivery.flow, row.now);
  return { breaker: await updateBreaker(manager, row.lane, health, { random, at: row.now }) };
}

/** True if the item is in another review state now. */
async function keepBrought(manager: EntityManager, item: ChangedItem, brought: BroughtBack, { seq, now }: FinishedRow): Promise<boolean> {
  await manager.query(LOCK_ITEM, [item.seq]);
  await addResults(manager, seq, brought);
  const followed = brought.item !== undefined && await followItem(manager, item, brought.item, { at: now, actor: ENGINE });
  const moved = await putOnItem(manager, item, brought, now, ENGINE);
  return followed || moved;
}

interface Change { readonly set: string; readonly values: readonly unknown[] }

function change(delivery: Delivery, outcome: DeliveryOutcome): Change {
  const counted = `${STATE}, attempts = attempts + ${attemptsOf(delivery, outcome)}`;
  const mark = markOf(outcome);
  switch (outcome.state) {
    case 'done':
      return { set: `${counted}, remote_reference = ?, reason = NULL, fix = NULL`, values: ['done', outcome.remoteReference] };
    case 'sent':
      return {
        // also where the connector found it there already and so did not mark it: whatever stops it later, it is never sent blindly
        set: `${counted}, marked_at = coalesce(marked_at, ${NOW}), polls = 0, remote_reference = ?, receipt_data = ?, due_at = ?, found_as = NULL, reason = NULL, fix = NULL`,
        values: ['sent', outcome.remoteReference, jsonOrNull(outcome.receiptData), outcome.dueAt],
      };
    case 'pending':
      return pending(delivery, outcome);
    case 'gathered':
      return {
        set: `${counted}, reason = NULL, fix = NULL, gathered_at = CASE WHEN load_group = ? THEN gathered_at ELSE ${NOW} END, load_group = ?, load_weight = ?, load_count = ?, apart = 0${mark}`,
        values: ['ready', outcome.load.group, outcome.load.group, outcome.load.weight, outcome.load.limits.count],
      };
    case 'ready':
      // what is tried again goes with the others of its load; what may be there already goes by itself
      return { set: `${counted}, due_at = ?, reason = ?, apart = 1${outcome.cleared ? mark : ', load_group = CASE WHEN marked_at IS NULL THEN load_group END'}`, values: ['ready', outcome.dueAt, outcome.reason] };
    case 'parked':
      return { set: `${counted}, load_group = NULL, reason = ?, fix = ?${mark}`, values: ['parked', outcome.reason, outcome.fix] };
    case 'rejected':
    case 'skipped':
    case 'cancelled':
      return { set: `${counted}, reason = ?, fix = NULL`, values: [outcome.state, outcome.reason] };
  }
}

const UNTRIED: ReadonlySet<DeliveryOutcome['state']> = new Set(['skipped', 'cancelled', 'gathered']);

function markOf(outcome: DeliveryOutcome): string {
  return 'cleared' in outcome && outcome.cleared ? ', marked_at = NULL' : '';
}

/** A question is no attempt, nor is what ends before the connector is asked. */
function attemptsOf(delivery: Delivery, outcome: DeliveryOutcome): 0 | 1 {
  if ('countsAsAttempt' in outcome) return outcome.countsAsAttempt ? 1 : 0;
  return delivery.state === 'sent' || UNTRIED.has(outcome.state) ? 0 : 1;
}

function pending({ cancelRequested, dueAt }: Delivery, outcome: Extract<DeliveryOutcome, { state: 'pending' }>): Change {
  // who asked for it back, or hinted at news (askNow), while the question was under way does not wait for the next one
  const parts = [`${FREE}, polls = polls + 1, due_at = CASE WHEN cancel_requested <> ? OR due_at <> ? THEN ${NOW} ELSE ? END, reason = ?`];
  const values: unknown[] = [cancelRequested, dueAt, outcome.dueAt, outcome.reason];
  if (outcome.receiptData !== undefined) { parts.push('receipt_data = ?'); values.push(jsonOrNull(outcome.receiptData)); }
  if (outcome.cancelRefused === true) { parts.push('cancel_requested = ?'); values.push(false); }
  return { set: parts.join(', '), values };
}

function jsonOrNull(data: unknown): string | null {
  return data === undefined || data === null ? null : JSON.stringify(data);
}

function endsAttempt({ state }: DeliveryOutcome): boolean {
  return state !== 'sent' && state !== 'pending';
}

/** Steps that wait for a state have waited for the system behind to say it. */
function isForwarded({ step }: Delivery, { state }: DeliveryOutcome): boolean {
  return step === FORWARD_STEP && state === 'sent';
}

/** A question that brings nothing new is not written down: there may be thousands before the answer comes. */
function isWorthNoting({ reason }: Delivery, outcome: DeliveryOutcome): boolean {
  return outcome.state !== 'pending' || outcome.cancelRefused === true || outcome.reason !== reason || isSomething(outcome.broughtBack);
}

function isSomething(brought: BroughtBack | undefined): boolean {
  return brought !== undefined && (brought.annexes.length > 0 || Object.keys(brought.fields).length > 0);
}

/** What must be provable: references, reasons, hashes. No value that was brought back, for it may be about a citizen. */
function factOf(outcome: DeliveryOutcome): Readonly<Record<string, unknown>> {
  const told = { ...outcome, state: undefined, receiptData: undefined, broughtBack: undefined };
  if (!('broughtBack' in outcome)) return told;
  const { fields, itemFields = {}, annexes, reviewState } = outcome.broughtBack;
  return {
    ...told,
    ...(Object.keys(fields).length === 0 ? {} : { fields: Object.keys(fields) }),
    ...(Object.keys(itemFields).length === 0 ? {} : { itemFields: Object.keys(itemFields) }),
    ...(annexes.length === 0 ? {} : { annexes: annexes.map(({ filename, sha256, role }) => ({ filename, sha256, ...(role === undefined ? {} : { role }) })) }),
    ...(reviewState === null ? {} : { reviewState: reviewState.to }),
  };
}

/** Beside those that came with the receipt. */
async function addResults(manager: EntityManager, seq: number, { fields }: BroughtBack): Promise<void> {
  if (Object.keys(fields).length === 0) return;
  const [row] = await manager.query<{ results: string | null }[]>(SENT_BEFORE, [seq]);
  const before = JSON.parse(row?.results ?? '{}') as Record<string, FieldValue>;
  await manager.query(SET_RESULTS, [JSON.stringify({ ...before, ...fields }), seq]);
}
