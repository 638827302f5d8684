import type { Annex } from '../domain/item.js';

/** The groups that annex types stand in, by what their annexes are about. */
const GROUPS: Readonly<Record<Annex['relatedTo'], string>> = { item: 'item_annexes', decision: 'item_decision_annexes' };

/** Long id of an annex's type in a config, as ItemInfo shows it (contracts/ws4pm.md §3.6). Never taken apart: what comes
 * back in `allowed_annexes_types`, or in createItem, is compared whole. */
export function annexTypeAddress(configId: string, annex: Pick<Annex, 'typeId' | 'relatedTo'>): string {
  return `${configId}-annexes_types_-_${GROUPS[annex.relatedTo]}_-_${annex.typeId}`;
}
