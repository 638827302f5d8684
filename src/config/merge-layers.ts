import type { Report } from './check-names.js';
import { expectedOneOf } from './closest-word.js';
import { entryOf, isMap, problemAt, sourcedList, sourcedMap, type Sourced } from './sourced.js';
import type { Problem } from './problem.js';

/** Lists of an authority whose entries are told apart by their id. */
export const LISTS_BY_ID: readonly string[] = ['organisations', 'users', 'sources', 'meetingConfigs', 'connectors', 'flows', 'deposits'];

/** Maps of an authority whose entries can be removed. */
export const NAMED_MAPS: readonly string[] = ['tables', 'hours'];

type Add = (problem: Problem) => void;

/** Lays one part of an authority over another. Maps are merged key by key, lists replaced as a whole; but entries of the
 * lists that have ids are merged with the entry of the same id, and stand before those that `over` does not name, because
 * the first flow that matches takes the item. `remove: true` drops an entry. */
export function mergeLayers(under: Sourced, over: Sourced, add: Add): Sourced {
  return mergeMaps(under, over, (key, below, above) => {
    if (LISTS_BY_ID.includes(key)) return mergeById(below, above, add);
    if (NAMED_MAPS.includes(key)) return mergeMaps(below, above, (name, one, other) => (removes(other) ? dropped(one, other, name, known(below), add) : mergeDeep(one, other)));
    return mergeDeep(below, above);
  });
}

/** `merge` gives undefined for an entry that is dropped. */
function mergeMaps(under: Sourced, over: Sourced, merge: (key: string, under: Sourced, over: Sourced) => Sourced | undefined): Sourced {
  if (over.value === undefined) return under;
  if (!isMap(over.value)) return over;
  const below = isMap(under.value) ? under : { ...under, value: {} };
  const entries = new Map<string, Sourced>();
  for (const key of new Set([...known(below), ...known(over)])) {
    const entry = Object.hasOwn(over.value, key) ? merge(key, entryOf(below, key), entryOf(over, key)) : entryOf(below, key);
    if (entry !== undefined) entries.set(key, entry);
  }
  return sourcedMap(entries, over.place);
}

function mergeDeep(under: Sourced, over: Sourced): Sourced {
  return isMap(under.value) && isMap(over.value) ? mergeMaps(under, over, (_key, one, other) => mergeDeep(one, other)) : over;
}

function mergeById(under: Sourced, over: Sourced, add: Add): Sourced {
  if (!Array.isArray(over.value)) return over;
  const inherited = entriesOf(under);
  const ids = inherited.map(idOf).filter((id) => id !== undefined);
  const own = entriesOf(over).flatMap((entry): Sourced[] => {
    const id = idOf(entry);
    const base = id === undefined ? undefined : inherited.find((one) => idOf(one) === id);
    if (removes(entry)) { dropped(base, entry, id ?? '', ids, add); return []; }
    return [base === undefined ? entry : mergeDeep(base, entry)];
  });
  const named = new Set(entriesOf(over).map(idOf));
  return sourcedList([...own, ...inherited.filter((entry) => !named.has(idOf(entry)))], over.place);
}

/** Says so when there is nothing to drop. */
function dropped(under: Sourced | undefined, over: Sourced, name: string, names: readonly string[], add: Add): undefined {
  if (under?.value !== undefined) return;
  const report: Report = (path, message, spot) => { add(problemAt(over.place, path, message, spot)); };
  report(['remove'], `found the removal of ${name}, which is not inherited, ${expectedOneOf(name, names)}`, 'key');
}

function entriesOf(list: Sourced): Sourced[] {
  return Array.isArray(list.value) ? list.value.map((_, index) => entryOf(list, index)) : [];
}

function idOf({ value }: Sourced): string | undefined {
  return isMap(value) && typeof value.id === 'string' ? value.id : undefined;
}

function removes({ value }: Sourced): boolean {
  return isMap(value) && value.remove === true;
}

function known({ value }: Sourced): string[] {
  return isMap(value) ? Object.keys(value) : [];
}
