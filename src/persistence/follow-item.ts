import type { EntityManager } from 'typeorm';
import type { ItemNews } from '../delivery/store.js';
import type { Item } from '../domain/item.js';
import type { ChangedItem } from './follow-flow.js';
import { addHistoryEvent } from './item-results.js';
import { noteTextAgain } from './item-text.js';
import { textBytes } from './item-weight.js';
import { noteJournal } from './journal-chain.js';
import { readItems } from './read-items.js';

const UPDATE = `UPDATE item SET review_state = ?, title = ?, category = ?, description = ?, detailed_description = ?, motivation = ?, decision = ?,
  preferred_meeting = ?, meeting = ?, text_bytes = ?, modified_at = ? WHERE seq = ?`;

/** Action of the history event by which an item takes the state that it has in the system that decides on it. */
const FOLLOWED = 'relais_followed';

const IN_TEXT_INDEX: ReadonlySet<string> = new Set(['title', 'description', 'detailedDescription', 'motivation', 'decision'] satisfies (keyof ItemNews)[]);

/** When and by whom an item is followed. */
export interface Following {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly actor: string;
}

/** Makes an item, whose row the caller has locked, what it is in the system that decides on it, and writes down what changed: which
 * texts, but none of them. What is so already is not written. True if the item is in another review state now. */
export async function followItem(manager: EntityManager, { seq, uid, authority }: ChangedItem, news: ItemNews, { at, actor }: Following): Promise<boolean> {
  const [before] = await readItems(manager, [seq]);
  if (before === undefined) return false;
  const changed = Object.entries(news).filter(([name, value]) => value !== undefined && value !== before[name as keyof ItemNews]).map(([name]) => name);
  if (changed.length === 0) return false;
  const after: Item = { ...before, ...news };
  await manager.query(UPDATE, [
    after.reviewState, after.title, after.category, after.description, after.detailedDescription, after.motivation, after.decision,
    after.preferredMeeting, after.meeting, textBytes({ ...after, baseId: after.id }, after.annexes.length), at, seq,
  ]);
  if (changed.some((name) => IN_TEXT_INDEX.has(name))) noteTextAgain(manager, seq, after);
  const fields = changed.filter((name) => name !== 'reviewState');
  if (fields.length > 0) {
    const meeting = fields.includes('meeting') ? { meeting: after.meeting } : {};
    noteJournal(manager, authority, [{ at, actor, item: uid, event: 'item.followed', data: { fields, ...meeting } }]);
  }
  if (after.reviewState === before.reviewState) return false;
  const change = { fromState: before.reviewState, toState: after.reviewState };
  await addHistoryEvent(manager, seq, { at, actor, action: FOLLOWED, comment: '', ...change });
  noteJournal(manager, authority, [{ at, actor, item: uid, event: 'item.state-changed', data: { action: FOLLOWED, from: change.fromState, to: change.toState } }]);
  return true;
}
