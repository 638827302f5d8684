import type { FieldValue, ValueTable } from '../domain/mapping.js';
import { kindOf } from './expression.js';
import { isScalar } from './scalar.js';
import { shown } from './shown-text.js';

/** For whom a table is read. */
export interface TableReader {
  readonly source: string;
  readonly connector: string;
}

export type RowGroup = 'connector' | 'source' | 'common';

/** `by`: what answered; undefined value: the table says nothing for nothing. */
export type LookedUp =
  | { readonly value: FieldValue | undefined; readonly by: RowGroup | 'default' | 'same' | null }
  | { readonly problem: string; readonly fix: string | null };

/** Keys longer than this are whole texts, which nobody puts into a table. */
const LONGEST_KEY = 200;

/** What a table answers for a text, number or boolean: a row for the connector, one for the source, a common one, else as
 * `unknown` says. Nothing at all (null, an empty text) has no line to add: a row with an empty key or the default answers
 * for it, or it stays nothing. */
export function lookUp(table: ValueTable, found: unknown, reader: TableReader): LookedUp {
  if (found !== undefined && found !== null && !isScalar(found)) return { problem: `found ${kindOf(found)} to look up in the table «${table.id}», expected a text`, fix: null };
  const key = String(found ?? '').trim();
  const row = rowOf(table, key, reader);
  if (row !== null) return row;
  if (typeof table.unknown === 'object') return { value: table.unknown.default, by: 'default' };
  if (key === '') return { value: undefined, by: null };
  if (table.unknown === 'same') return { value: key, by: 'same' };
  return { problem: `the table «${table.id}» has no row for ${shown(key)}`, fix: key.length > LONGEST_KEY ? null : rowToAdd(table, key) };
}

/** The row that answers, or null. */
export function rowOf(table: ValueTable, key: string, { source, connector }: TableReader): { readonly value: FieldValue; readonly by: RowGroup } | null {
  const groups: readonly (readonly [RowGroup, ReadonlyMap<string, FieldValue> | undefined])[] = [
    ['connector', table.byConnector.get(connector)], ['source', table.bySource.get(source)], ['common', table.rows],
  ];
  for (const [by, rows] of groups) {
    const value = rows?.get(key);
    if (value !== undefined) return { value, by };
  }
  return null;
}

/** The line to add, and where. JSON texts are YAML texts, whatever they hold. */
function rowToAdd({ id, place }: ValueTable, key: string): string {
  return `${place === '' ? '' : `${place}  `}new row of table ${id}:  ${JSON.stringify(key)}: <value>`;
}
