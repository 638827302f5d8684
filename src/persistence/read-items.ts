import type { EntityManager } from 'typeorm';
import type { Annex, Item } from '../domain/item.js';
import { AnnexEntity, ItemEntity, withoutColumns, type AnnexRow, type ItemRow } from './entities.js';
import { rowSelectIn } from './value-list.js';

const selectItems = rowSelectIn(ItemEntity, (marks) => `WHERE seq IN (${marks})`);
const selectAnnexes = rowSelectIn(AnnexEntity, (marks) => `WHERE item_seq IN (${marks}) ORDER BY item_seq, position`);

/** Items with their annexes, in the order of `seqs`. */
export async function readItems(manager: EntityManager, seqs: readonly number[]): Promise<Item[]> {
  const annexes = await readAnnexes(manager, seqs);
  const rows = await selectItems(manager, seqs);
  const items = new Map(rows.map((row) => [row.seq, itemOf(row, annexes.get(row.seq) ?? [])]));
  return seqs.flatMap((seq) => items.get(seq) ?? []);
}

function itemOf(row: ItemRow, annexes: readonly Annex[]): Item {
  const { askedTransitions, ...item } = withoutColumns(row, 'seq', 'textBytes', 'purgedAt');
  return { ...item, ...(askedTransitions === null ? {} : { askedTransitions }), annexes };
}

async function readAnnexes(manager: EntityManager, itemSeqs: readonly number[]): Promise<Map<number, Annex[]>> {
  const byItem = new Map<number, Annex[]>();
  for (const row of await selectAnnexes(manager, itemSeqs)) {
    const annex = annexOf(row);
    const siblings = byItem.get(row.itemSeq);
    if (siblings === undefined) byItem.set(row.itemSeq, [annex]);
    else siblings.push(annex);
  }
  return byItem;
}

function annexOf(row: AnnexRow): Annex {
  const { role, ...annex } = withoutColumns(row, 'authority', 'itemSeq', 'position');
  return role === null ? annex : { ...annex, role };
}
