import type { ExtraValue } from '../../src/domain/item.js';
import { isOwnFieldName, ITEM_FIELDS } from '../../src/domain/item-fields.js';
import { recordOf } from './answers.js';
import type { ItemElement } from './elements.js';

/** Schema fields of an item that have members of their own. */
const MAIN_FIELDS = ['creators', 'category', 'proposingGroup', 'description', 'detailedDescription', 'motivation', 'decision', 'preferredMeeting', 'externalIdentifier'] as const;

/** What a list of items needs. */
export const SUMMARY_FIELDS: readonly string[] = [...MAIN_FIELDS, 'review_state'];

/** Everything that callers may be told (contracts/ws4pm.md §5.2). Named one by one: beside `fullobjects`, `metadata_fields` would leave out all
 * fields but those that it names, and without it the titles of the state and of the creator are not told. */
export const ALL_FIELDS: readonly string[] = [...new Set([...SUMMARY_FIELDS, ...ITEM_FIELDS.keys()])];

/** Keys of an answer that are no fields of the item. */
const NO_FIELD = /^@|^extra_include_|^(?:UID|id|title|title_html|created|modified|enabled|review_state|creators|externalIdentifier|items|items_total|parent|layout|formatted_.*)$/;

/** What is known of an item beside its members, flattened: tokens of choices, data of texts. */
export function extraOf(element: ItemElement): Readonly<Record<string, ExtraValue>> {
  // Filled in place: each read goes through all the fields, and pairs of them made on the way cost ten times that.
  const extra: Record<string, ExtraValue> = {};
  for (const name of Object.keys(element)) {
    if (!isField(name)) continue;
    const flat = flatten(element[name]);
    if (flat !== null) extra[name] = flat;
  }
  return extra;
}

function isField(name: string): boolean {
  return ITEM_FIELDS.has(name) || (!NO_FIELD.test(name) && isOwnFieldName(name));
}

/** Null for what has no plain value, such as a file. */
function flatten(value: unknown): ExtraValue | null {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value;
  if (Array.isArray(value)) {
    const tokens = value.map((one: unknown) => flatten(one));
    return tokens.every((token) => typeof token === 'string') ? tokens : null;
  }
  const { token, data } = recordOf(value);
  if (typeof token === 'string') return token;
  return typeof data === 'string' ? data : null;
}
