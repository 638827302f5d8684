import type { EntityManager } from 'typeorm';
import type { Annex, Item } from '../domain/item.js';
import { AnnexEntity, ItemEntity, withoutColumns } from './entities.js';
import { rowSelect } from './row-access.js';

const selectItems = rowSelect(ItemEntity, 'WHERE seq IN (SELECT value FROM json_each(?))');
const selectAnnexes = rowSelect(AnnexEntity, 'WHERE item_seq IN (SELECT value FROM json_each(?)) ORDER BY item_seq, position');

/** Items with their annexes, in the order of `seqs`. */
export async function readItems(manager: EntityManager, seqs: readonly number[]): Promise<Item[]> {
  if (seqs.length === 0) return [];
  const wanted = JSON.stringify(seqs);
  const annexes = await readAnnexes(manager, wanted);
  const items = new Map((await selectItems(manager, [wanted])).map((row) => [row.seq, { ...withoutColumns(row, 'seq', 'textBytes'), annexes: annexes.get(row.seq) ?? [] }]));
  return seqs.flatMap((seq) => items.get(seq) ?? []);
}

async function readAnnexes(manager: EntityManager, itemSeqs: string): Promise<Map<number, Annex[]>> {
  const byItem = new Map<number, Annex[]>();
  for (const row of await selectAnnexes(manager, [itemSeqs])) {
    const annex = withoutColumns(row, 'authority', 'itemSeq', 'position');
    const siblings = byItem.get(row.itemSeq);
    if (siblings === undefined) byItem.set(row.itemSeq, [annex]);
    else siblings.push(annex);
  }
  return byItem;
}
