import type { Submission } from '../../src/connector-api/connector.js';
import { itemPlace, pathElement } from '../../src/formats/item-files.js';

/** Where one submission goes: paths below the folder of the settings, as their elements. Made of the submission alone, so that
 * every attempt and every probe looks in the same place. */
export interface Place {
  /** The item's folder. */
  readonly target: readonly string[];
  /** All drafts of this delivery. */
  readonly drafts: readonly string[];
  /** The draft that is whole. While it stands, the item was not put in its place by this delivery. */
  readonly ready: readonly string[];
  readonly reference: string;
}

export function placeOf({ item, key }: Submission): Place {
  const target = itemPlace(item);
  const drafts = ['.drafts', pathElement(key)];
  return { target, drafts, ready: [...drafts, 'ready'], reference: target.join('/') };
}
