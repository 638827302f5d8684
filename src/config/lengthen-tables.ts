import { entryOf, isMap, sourcedMap, type Sourced } from './sourced.js';

const GROUPS = ['rows', 'bySource', 'byConnector'];
const KEYS: readonly string[] = [...GROUPS, 'unknown'];

/** Makes each table that is written short, `services: {finances: FIN}`, a table with `rows`. The rows stay where they
 * stand. */
export function lengthenTables(section: Sourced): Sourced {
  const tables = entryOf(section, 'tables');
  if (!isMap(section.value) || !isMap(tables.value)) return section;
  const long = new Map(Object.keys(tables.value).map((id) => [id, lengthen(entryOf(tables, id))]));
  const entries = new Map(Object.keys(section.value).map((key) => [key, entryOf(section, key)]));
  return sourcedMap(entries.set('tables', sourcedMap(long, tables.place)), section.place);
}

function lengthen(table: Sourced): Sourced {
  if (!isMap(table.value) || isLong(table.value)) return table;
  return sourcedMap(new Map([['rows', table]]), table.place);
}

/** A row holds no map, so a group that is one can be nothing else. */
function isLong(table: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(table);
  return table.remove === true || GROUPS.some((group) => isMap(table[group])) || (keys.length > 0 && keys.every((key) => KEYS.includes(key)));
}
