import type { EntityManager } from 'typeorm';
import type { NewItem } from '../domain/item.js';
import { FOR_UPDATE } from './engine.js';
import { changeExtra } from './item-results.js';
import { noteJournal } from './journal-chain.js';
import { ENGINE } from './note-delivery.js';

const FIND = `SELECT seq FROM item WHERE authority = ? AND uid = ? ${FOR_UPDATE}`;

/** Names a new item among the linked ones of others, in this transaction, and writes it down for both. Those that are not there
 * are passed over. */
export async function linkItems(manager: EntityManager, { authority, uid, createdAt: at }: NewItem, others: readonly string[]): Promise<void> {
  for (const other of others) {
    const [found] = await manager.query<{ seq: number }[]>(FIND, [authority, other]);
    if (found === undefined) continue;
    await changeExtra(manager, found.seq, ({ manuallyLinkedItems = [], ...extra }) => {
      const linked = Array.isArray(manuallyLinkedItems) ? manuallyLinkedItems as readonly string[] : [];
      return { ...extra, manuallyLinkedItems: [...new Set([...linked, uid])] };
    }, at);
    noteJournal(manager, authority, [[uid, other], [other, uid]].map(([item = '', linked = '']) => ({ at, actor: ENGINE, item, event: 'item.linked', data: { linked } })));
  }
}
