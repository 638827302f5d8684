import type { EntityManager } from 'typeorm';
import type { NewItem } from '../domain/item.js';
import type { TakenBefore, TakenOnce } from '../intake/store.js';
import { isLast, OPEN } from './delivery-filter.js';

const ITEM_OF_KEY = 'FROM item i JOIN delivery d ON d.item_seq = i.seq WHERE i.uid = taken_key.item';
/** The item ended without success. A step that was sent again ends as the last of its deliveries does. */
const IS_FREE = `EXISTS (SELECT 1 ${ITEM_OF_KEY} AND d.state IN ('rejected', 'cancelled') AND ${isLast('d')})
  AND NOT EXISTS (SELECT 1 ${ITEM_OF_KEY} AND d.${OPEN})`;
const ADD = 'INSERT INTO taken_key (authority, key, item, content, taken_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (authority, key)';
/** Waits for another process that takes the same key at this moment, and sees what it did. */
const TAKE = `${ADD} DO UPDATE SET item = excluded.item, content = excluded.content, taken_at = excluded.taken_at WHERE ${IS_FREE} RETURNING key`;
const TAKE_FOR_GOOD = `${ADD} DO NOTHING RETURNING key`;
const GIVE_BACK = 'DELETE FROM taken_key WHERE authority = ? AND key = ?';
const FIND = 'SELECT key, item AS uid, content, taken_at AS at FROM taken_key WHERE authority = ? AND key = ?';

/** Takes all keys for an item that is about to be kept in this transaction, or none of them; resolves with those that were taken
 * before. */
export async function takeKeys(manager: EntityManager, { authority, uid, createdAt }: NewItem, { keys, content, forGood = false }: TakenOnce): Promise<readonly TakenBefore[]> {
  const [own, before]: [string[], string[]] = [[], []];
  // always in the same order: two processes that take the same keys do not wait for each other
  for (const key of [...new Set(keys)].toSorted()) {
    const [taken]: unknown[] = await manager.query(forGood ? TAKE_FOR_GOOD : TAKE, [authority, key, uid, content, createdAt]);
    (taken === undefined ? before : own).push(key);
  }
  if (before.length === 0) return [];
  for (const key of own) await manager.query(GIVE_BACK, [authority, key]);
  return findTaken(manager, authority, before);
}

/** What was taken under these keys, in their order. */
export async function findTaken(manager: EntityManager, authority: string, keys: readonly string[]): Promise<readonly TakenBefore[]> {
  const found: TakenBefore[] = [];
  for (const key of keys) found.push(...await manager.query<TakenBefore[]>(FIND, [authority, key]));
  return found;
}
