import type { Annex } from '../domain/item.js';
import type { Submission } from './connector.js';
import { Refused } from './failures.js';

type Fields = Submission['fields'];

/** Names that a message lists. */
const SHOWN_NAMES = 10;

/** The file of an item that a field names by its id, its uid or its file name; null where it is not mapped. Throws Refused, naming the
 * field, for a name that is no file of the item, or several. */
export function fileNamed(field: string, all: readonly Annex[], fields: Fields): Annex | null {
  const value = fields[field];
  return typeof value === 'string' && value.trim() !== '' ? lookUp(field, value.trim(), all) : null;
}

/** The files that a field of type list names; null where it is not mapped. Throws as `fileNamed`. */
export function filesNamed(field: string, all: readonly Annex[], fields: Fields): readonly Annex[] | null {
  const value = fields[field];
  return Array.isArray(value) ? (value as readonly string[]).map((name) => lookUp(field, name.trim(), all)) : null;
}

/** Throws Refused for a file that stands among `others`, or twice in the list. */
export function requireOnce(field: string, files: readonly Annex[], others: readonly Annex[]): void {
  const twice = files.find((annex, index) => others.includes(annex) || files.indexOf(annex) !== index);
  if (twice !== undefined) throw new Refused(`Field «${field}»: «${twice.filename}» is named twice.`);
}

/** `it has «a.pdf», «b.xml»`, for messages. */
export function nameFiles(all: readonly Annex[]): string {
  if (all.length === 0) return 'it has no file at all';
  const names = all.slice(0, SHOWN_NAMES).map(({ filename }) => `«${filename}»`).join(', ');
  return `it has ${names}${all.length > SHOWN_NAMES ? ' …' : ''}`;
}

function lookUp(field: string, name: string, all: readonly Annex[]): Annex {
  const found = all.find(({ uid }) => uid === name) ?? all.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const [first, second] = all.filter(({ filename }) => filename === name);
  if (second !== undefined) throw new Refused(`Field «${field}»: several files of the item are called «${name}». Name it by its id.`);
  if (first !== undefined) return first;
  throw new Refused(`Field «${field}»: found «${name}», expected the id, uid or name of a file of the item, and ${nameFiles(all)}.`);
}
