import type { EntityManager } from 'typeorm';
import { reviewStateOf } from '../delivery/bring-back.js';
import type { Finding } from '../delivery/operations.js';
import type { BroughtBack } from '../delivery/store.js';
import { damageIn } from './damaged-delivery.js';
import { NOW } from './engine.js';
import type { FlowVersionName, FlowVersions } from './flow-versions.js';
import { followFlow, LOCK_ITEM, type ChangedItem } from './follow-flow.js';
import { putOnItem } from './item-results.js';
import { noteDeliveries, type NotedDelivery } from './note-delivery.js';
import { noteDue } from './transaction-notes.js';
import { valueList } from './value-list.js';

const SETTLE = (marks: string): string => `UPDATE delivery SET state = 'done', state_since = ${NOW}, remote_reference = ?, reason = NULL, fix = NULL
  WHERE seq IN (${marks}) AND state = 'parked' AND (marked_at IS NOT NULL OR remote_reference IS NOT NULL)
  RETURNING id, authority, item_seq AS "itemSeq", item_uid AS "itemUid", flow, flow_version AS "flowVersion", step, ${NOW} AS now`;

/** An operator's word that it is there is as good as a mark: whatever comes, it is not sent blindly. */
const AWAIT = (marks: string): string => `UPDATE delivery SET state = 'ready', state_since = ${NOW}, due_at = ${NOW}, attempts = 0, polls = 0,
    found_as = ?, marked_at = coalesce(marked_at, ${NOW}), reason = NULL, fix = NULL
  WHERE seq IN (${marks}) AND state = 'parked'
  RETURNING id, authority, item_uid AS "itemUid", step, ${NOW} AS now`;

interface Settled extends NotedDelivery, FlowVersionName {
  readonly itemSeq: number;
  readonly now: number;
}

export interface Settling extends Finding {
  readonly versions: FlowVersions;
  readonly actor: string;
}

/** Ends parked deliveries that an operator found on the other side, as if it had answered; what follows for their items and
 * the steps behind them follows. Returns how many. */
export async function settleDeliveries(manager: EntityManager, seqs: readonly number[], { versions, actor, reference, reason }: Settling): Promise<number> {
  const { marks, values } = valueList(seqs);
  const settled = await manager.query<Settled[]>(SETTLE(marks), [reference, ...values]);
  const facts = settled.map((delivery) => ({ delivery, event: 'delivery.settled' as const, data: { remoteReference: reference, reason } }));
  noteDeliveries(manager, facts, settled[0]?.now ?? 0, actor);
  for (const delivery of settled) {
    const item: ChangedItem = { seq: delivery.itemSeq, uid: delivery.itemUid, authority: delivery.authority };
    const [present] = await manager.query<{ reviewState: string }[]>(LOCK_ITEM, [item.seq]);
    const reviewState = await stateWhenDone(manager, versions, delivery, reference, present?.reviewState ?? '');
    const moved = await putOnItem(manager, item, { fields: {}, annexes: [], reviewState }, delivery.now, actor);
    await followFlow(manager, versions, item, moved ? null : delivery.flow, delivery.now, actor);
  }
  return settled.length;
}

/** Has parked deliveries probed under the name by which an operator found them on the other side. Returns how many. */
export async function awaitAnswers(manager: EntityManager, seqs: readonly number[], { actor, reference, reason }: Omit<Settling, 'versions'>): Promise<number> {
  const { marks, values } = valueList(seqs);
  const awaited = await manager.query<(NotedDelivery & { readonly now: number })[]>(AWAIT(marks), [reference, ...values]);
  noteDue(manager, awaited.map(({ now }) => now));
  noteDeliveries(manager, awaited.map((delivery) => ({ delivery, event: 'delivery.found', data: { remoteReference: reference, reason } })), awaited[0]?.now ?? 0, actor);
  return awaited.length;
}

/** The review state that the item takes; none where the definition of its flow is damaged, see followFlow. */
async function stateWhenDone(manager: EntityManager, versions: FlowVersions, delivery: Settled, reference: string, reviewState: string): Promise<BroughtBack['reviewState']> {
  try {
    const { steps, onRejection } = await versions.load(manager, delivery);
    const step = [...steps, ...onRejection].find(({ id }) => id === delivery.step);
    return step === undefined ? null : reviewStateOf({ state: 'done', reference }, { item: { reviewState }, step });
  } catch (error) {
    if (damageIn(error) === null) throw error;
    return null;
  }
}
