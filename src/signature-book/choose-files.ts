import type { Submission } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import type { Annex } from '../domain/item.js';
import { isPdf, isXml } from './file-kind.js';

export interface ChosenFiles {
  readonly main: Annex;
  readonly supplementary: readonly Annex[];
  readonly annexes: readonly Annex[];
  readonly visual: Annex | null;
  readonly detachedSignature: Annex | null;
}

type Fields = Submission['fields'];

/** Names that a message lists. */
const SHOWN_NAMES = 10;

/** Which file of an item is what in the folder. Where the step does not say it, the main document is the first PDF or XML file that no
 * step brought back, and the annexes are all others that no step brought back. Throws Refused, naming the field. */
export function chooseFiles(all: readonly Annex[], fields: Fields): ChosenFiles {
  const main = one('mainDocument', all, fields) ?? defaultMain(all);
  const supplementary = filesNamed('supplementaryDocuments', all, fields) ?? [];
  const visual = one('visual', all, fields);
  const detachedSignature = one('detachedSignature', all, fields);
  const used = new Set([main, ...supplementary, visual, detachedSignature]);
  const annexes = filesNamed('annexes', all, fields) ?? all.filter((annex) => annex.role === undefined && !used.has(annex));
  requireOnce('supplementaryDocuments', supplementary, [main]);
  requireOnce('annexes', annexes, [main, ...supplementary]);
  return { main, supplementary, annexes, visual, detachedSignature };
}

function defaultMain(all: readonly Annex[]): Annex {
  const found = all.find((annex) => annex.role === undefined && (isPdf(annex) || isXml(annex)));
  if (found !== undefined) return found;
  throw new Refused(`Field «mainDocument»: the item has no PDF or XML file to be signed, ${holds(all)}. Add one, or map the file that is to be signed.`);
}

function one(field: string, all: readonly Annex[], fields: Fields): Annex | null {
  const value = fields[field];
  return typeof value === 'string' && value.trim() !== '' ? lookUp(field, value.trim(), all) : null;
}

/** The files that a field of type list names; null where it is not mapped. Throws Refused for a name that is no file of the item. */
export function filesNamed(field: string, all: readonly Annex[], fields: Fields): readonly Annex[] | null {
  const value = fields[field];
  return Array.isArray(value) ? (value as readonly string[]).map((name) => lookUp(field, name.trim(), all)) : null;
}

function lookUp(field: string, name: string, all: readonly Annex[]): Annex {
  const found = all.find(({ uid }) => uid === name) ?? all.find(({ id }) => id === name);
  if (found !== undefined) return found;
  const [first, second] = all.filter(({ filename }) => filename === name);
  if (second !== undefined) throw new Refused(`Field «${field}»: several files of the item are called «${name}». Name it by its id.`);
  if (first !== undefined) return first;
  throw new Refused(`Field «${field}»: found «${name}», expected the id, uid or name of a file of the item, and ${holds(all)}.`);
}

function requireOnce(field: string, files: readonly Annex[], others: readonly Annex[]): void {
  const twice = files.find((annex, index) => others.includes(annex) || files.indexOf(annex) !== index);
  if (twice !== undefined) throw new Refused(`Field «${field}»: «${twice.filename}» is in the folder already.`);
}

function holds(all: readonly Annex[]): string {
  if (all.length === 0) return 'it has no file at all';
  const names = all.slice(0, SHOWN_NAMES).map(({ filename }) => `«${filename}»`).join(', ');
  return `it has ${names}${all.length > SHOWN_NAMES ? ' …' : ''}`;
}
