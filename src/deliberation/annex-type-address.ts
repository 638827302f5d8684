import type { Annex, Item } from '../domain/item.js';

/** Long id of an annex's type, as ItemInfo shows it (contracts/ws4pm.md §3.6). Never taken apart: what comes back in
 * `allowed_annexes_types` is compared whole. */
export function annexTypeAddress(item: Item, annex: Annex): string {
  const group = annex.relatedTo === 'decision' ? 'decision_annexes' : 'item_annexes';
  return `${item.configId}-annexes_types_-_${group}_-_${annex.typeId}`;
}

/** True if the annex is of one of the types, each the long id or the short one; none means all. */
export function isOfType(item: Item, annex: Annex, types: readonly string[]): boolean {
  return types.length === 0 || types.includes(annex.typeId) || types.includes(annexTypeAddress(item, annex));
}
