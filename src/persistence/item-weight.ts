import type { NewItem } from '../domain/item.js';

/** About how much memory an annex without its bytes takes. */
export const ANNEX_BYTES = 256;

/** About how much memory the item takes when it is read again. */
export function textBytes(item: Omit<NewItem, 'annexes'>, annexes: number): number {
  return item.title.length + item.description.length + item.detailedDescription.length + item.motivation.length + item.decision.length
    + extraBytes(item.extra) + annexes * ANNEX_BYTES;
}

/** The same of its other fields. */
export function extraBytes(extra: NewItem['extra']): number {
  return Object.values(extra).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 16), 0);
}
