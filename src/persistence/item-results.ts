import type { EntityManager } from 'typeorm';
import type { BroughtBack } from '../delivery/store.js';
import type { Annex, ExtraValue, HistoryEvent } from '../domain/item.js';
import { fileUrlId } from '../domain/url-id.js';
import { AnnexEntity, HistoryEventEntity } from './entities.js';
import type { ChangedItem } from './follow-flow.js';
import { ANNEX_BYTES, extraBytes } from './item-weight.js';
import { rowInsert } from './row-access.js';

const insertAnnex = rowInsert(AnnexEntity);
const insertEvent = rowInsert(HistoryEventEntity);

const ANNEX_IDS = 'SELECT short_id AS id FROM annex WHERE item_seq = ?';
const LAST_ANNEX = 'SELECT max(position) AS last FROM annex WHERE item_seq = ?';
const LAST_EVENT = 'SELECT max(position) AS last FROM history_event WHERE item_seq = ?';
const STATE = 'SELECT review_state AS "reviewState" FROM item WHERE seq = ?';
const SET_STATE = 'UPDATE item SET review_state = ?, modified_at = ? WHERE seq = ?';
const EXTRA = 'SELECT extra FROM item WHERE seq = ?';
const SET_EXTRA = 'UPDATE item SET extra = ?, text_bytes = text_bytes + ?, modified_at = ? WHERE seq = ?';
const ADDED_ANNEXES = 'UPDATE item SET text_bytes = text_bytes + ?, modified_at = ? WHERE seq = ?';

/** Puts what a step brought back onto the item, whose row the caller has locked. True if the item is in another review state now. */
export async function putOnItem(manager: EntityManager, item: ChangedItem, { annexes, itemFields = {}, reviewState }: BroughtBack, at: number, actor: string): Promise<boolean> {
  if (annexes.length > 0) await addAnnexes(manager, item, annexes, at);
  if (Object.keys(itemFields).length > 0) await changeExtra(manager, item.seq, (extra) => ({ ...extra, ...itemFields }), at);
  if (reviewState === null) return false;
  const [present] = await manager.query<{ reviewState: string }[]>(STATE, [item.seq]);
  if (present === undefined || present.reviewState === reviewState.to) return false;
  await manager.query(SET_STATE, [reviewState.to, at, item.seq]);
  await addHistoryEvent(manager, item.seq, { at, actor, action: reviewState.action, comment: reviewState.comment, fromState: present.reviewState, toState: reviewState.to });
  return true;
}

/** Behind the last event of the item. */
export async function addHistoryEvent(manager: EntityManager, itemSeq: number, event: HistoryEvent): Promise<void> {
  await insertEvent(manager, { ...event, itemSeq, position: await nextPosition(manager, LAST_EVENT, itemSeq) });
}

type Extra = Readonly<Record<string, ExtraValue>>;

/** Changes the fields of an item whose row the caller has locked. True if that made any difference. */
export async function changeExtra(manager: EntityManager, itemSeq: number, change: (extra: Extra) => Extra, at: number): Promise<boolean> {
  const [row] = await manager.query<{ extra: string }[]>(EXTRA, [itemSeq]);
  if (row === undefined) return false;
  const before = JSON.parse(row.extra) as Extra;
  const after = change(before);
  const text = JSON.stringify(after);
  if (text === row.extra) return false;
  await manager.query(SET_EXTRA, [text, extraBytes(after) - extraBytes(before), at, itemSeq]);
  return true;
}

async function addAnnexes(manager: EntityManager, { seq, authority }: ChangedItem, annexes: readonly Annex[], at: number): Promise<void> {
  const first = await nextPosition(manager, LAST_ANNEX, seq);
  const given = new Map((await manager.query<{ id: string }[]>(ANNEX_IDS, [seq])).map(({ id }) => [id, 0]));
  for (const [index, annex] of annexes.entries()) {
    // steps side by side may bring back files of the same name; each thought of a free id for itself
    const id = given.has(annex.id) ? fileUrlId(annex.filename, given) : annex.id;
    given.set(id, 0);
    await insertAnnex(manager, { ...annex, id, role: annex.role ?? null, authority, itemSeq: seq, position: first + index });
  }
  await manager.query(ADDED_ANNEXES, [annexes.length * ANNEX_BYTES, at, seq]);
}

async function nextPosition(manager: EntityManager, sql: string, itemSeq: number): Promise<number> {
  const [row] = await manager.query<{ last: number | null }[]>(sql, [itemSeq]);
  return (row?.last ?? -1) + 1;
}
