import type { EntityManager } from 'typeorm';
import type { NewDelivery } from '../domain/delivery.js';
import type { NewItem } from '../domain/item.js';
import { adviserOrganisations } from '../domain/item.js';
import type { Acceptance, IntakeStore } from '../intake/store.js';
import type { DeliveryRow, ItemRow } from './entities.js';
import { AnnexEntity, DeliveryEntity, HistoryEventEntity, ItemAdviserEntity, ItemEntity } from './entities.js';
import type { FlowVersions } from './flow-versions.js';
import { noteText } from './item-text.js';
import { textBytes } from './item-weight.js';
import { noteJournal } from './journal-chain.js';
import type { LaneOf } from './lanes.js';
import { linkItems } from './link-items.js';
import { rowInsert } from './row-access.js';
import { findTaken, takeKeys } from './taken-keys.js';
import type { TransactionDoor } from './transaction-door.js';
import { noteDue } from './transaction-notes.js';

const insertItem = rowInsert<ItemRow, Omit<ItemRow, 'seq'>>(ItemEntity, 'ON CONFLICT (authority, config_id, creator, short_id) DO NOTHING RETURNING seq');
const insertAdviser = rowInsert(ItemAdviserEntity);
const insertAnnex = rowInsert(AnnexEntity);
const insertEvent = rowInsert(HistoryEventEntity);
const insertDelivery = rowInsert<DeliveryRow, Omit<DeliveryRow, 'seq'>>(DeliveryEntity);

const NEXT_SUFFIX = `INSERT INTO short_id_suffix (authority, config_id, creator, base_id, last) VALUES (?, ?, ?, ?, 1)
  ON CONFLICT (authority, config_id, creator, base_id) DO UPDATE SET last = short_id_suffix.last + 1 RETURNING last`;

const NO_LANES: ReadonlyMap<string, number> = new Map();

/** Keeps accepted items. Thousands a second come through here: no lookup grows with what is already kept. */
export function createIntakeStore(door: TransactionDoor, versions: FlowVersions, laneOf: LaneOf): IntakeStore {
  /** What is kept in transactions of its own, because all items share it; resolves with the lane of each connector. */
  async function prepare({ item: { authority }, flow, deliveries }: Acceptance): Promise<ReadonlyMap<string, number>> {
    if (flow !== null) await versions.keep(authority, flow.definition, flow.version);
    const lanes = new Map<string, number>();
    for (const { connector } of deliveries) if (!lanes.has(connector)) lanes.set(connector, await laneOf(authority, connector));
    return lanes;
  }

  /** What waits for nothing else stands in the queue of the door at once. */
  async function write<T>(acceptance: Acceptance, work: (manager: EntityManager, lanes: ReadonlyMap<string, number>) => Promise<T>): Promise<T> {
    const lanes = acceptance.flow === null && acceptance.deliveries.length === 0 ? NO_LANES : await prepare(acceptance);
    return door.write((manager) => work(manager, lanes));
  }

  return {
    accept: (acceptance) => write(acceptance, (manager, lanes) => accept(manager, acceptance, lanes)),
    acceptOnce: (acceptance, once) => write<Awaited<ReturnType<IntakeStore['acceptOnce']>>>(acceptance, async (manager, lanes) => {
      const taken = await takeKeys(manager, acceptance.item, once);
      return taken.length > 0 ? { taken } : accept(manager, acceptance, lanes);
    }),
    takenBefore: (authority, keys) => door.read((manager) => findTaken(manager, authority, keys)),
  };
}

async function accept(manager: EntityManager, { item, history, deliveries, journal, linkedTo = [] }: Acceptance, lanes: ReadonlyMap<string, number>): Promise<{ id: string }> {
  const { seq, id } = await keepItem(manager, item);
  for (const organisation of adviserOrganisations(item.optionalAdvisers)) await insertAdviser(manager, { itemSeq: seq, organisation });
  for (const [position, annex] of item.annexes.entries()) await insertAnnex(manager, { ...annex, role: annex.role ?? null, authority: item.authority, itemSeq: seq, position });
  for (const [position, event] of history.entries()) await insertEvent(manager, { ...event, itemSeq: seq, position });
  for (const delivery of deliveries) await insertDelivery(manager, newDelivery(delivery, item, seq, lanes.get(delivery.connector) ?? 0));
  noteDue(manager, deliveries.filter(({ state }) => state === 'ready').map(() => item.createdAt));
  noteJournal(manager, item.authority, journal);
  if (linkedTo.length > 0) await linkItems(manager, item, linkedTo);
  noteText(manager, seq, item);
  return { id };
}

/** Due at once: the item was created in the past, whatever the clock. */
function newDelivery(delivery: NewDelivery, item: NewItem, itemSeq: number, lane: number): Omit<DeliveryRow, 'seq'> {
  return {
    ...delivery, authority: item.authority, lane, itemSeq, itemUid: item.uid, createdAt: item.createdAt, stateSince: item.createdAt,
    dueAt: item.createdAt, attempts: 0, polls: 0, epoch: 0, leaseOwner: null, leaseUntil: null, markedAt: null, remoteReference: null,
    receiptData: null, results: null, reason: null, fix: null, cancelRequested: false, foundAs: null,
  };
}

/** Tries the short id made of the title first, then the same with -1, -2 … (contracts/ws4pm.md §2.3). */
async function keepItem(manager: EntityManager, item: NewItem): Promise<{ seq: number; id: string }> {
  const { baseId, annexes, askedTransitions = null, ...fields } = item;
  const row = { ...fields, askedTransitions, id: baseId, textBytes: textBytes(item, annexes.length), purgedAt: null };
  let id = baseId;
  for (;;) {
    const [kept] = await insertItem(manager, { ...row, id });
    if (kept !== undefined) return { seq: Number(kept['seq']), id };
    const [suffix] = await manager.query<{ last: number }[]>(NEXT_SUFFIX, [item.authority, item.configId, item.creator, baseId]);
    id = `${baseId}-${suffix?.last ?? ''}`;
  }
}
