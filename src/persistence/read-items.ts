import type { EntityManager } from 'typeorm';
import { In } from 'typeorm';
import type { Annex, Item } from '../domain/item.js';
import { AnnexEntity, ItemEntity, withoutColumns } from './entities.js';

/** Items with their annexes, in the order of `seqs`. */
export async function readItems(manager: EntityManager, seqs: readonly number[]): Promise<Item[]> {
  if (seqs.length === 0) return [];
  const rows = await manager.find(ItemEntity, { where: { seq: In(seqs) } });
  const annexes = await readAnnexes(manager, seqs);
  const items = new Map(rows.map((row) => [row.seq, { ...withoutColumns(row, 'seq', 'textBytes'), annexes: annexes.get(row.seq) ?? [] }]));
  return seqs.flatMap((seq) => items.get(seq) ?? []);
}

async function readAnnexes(manager: EntityManager, itemSeqs: readonly number[]): Promise<Map<number, Annex[]>> {
  const rows = await manager.find(AnnexEntity, { where: { itemSeq: In(itemSeqs) }, order: { itemSeq: 'ASC', position: 'ASC' } });
  const byItem = new Map<number, Annex[]>();
  for (const row of rows) {
    const annex = withoutColumns(row, 'authority', 'itemSeq', 'position');
    const siblings = byItem.get(row.itemSeq);
    if (siblings === undefined) byItem.set(row.itemSeq, [annex]);
    else siblings.push(annex);
  }
  return byItem;
}
