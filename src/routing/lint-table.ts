import type { FieldValue, TargetField, ValueTable } from '../domain/mapping.js';
import { lintConstant } from './lint-constant.js';
import { rowOf } from './look-up.js';
import type { MappingMistake, RowPlace } from './mapping-mistake.js';

/** So many values without row are named; then it is said how many more there are. */
const NAMED = 12;

/** A table as a field of a step for this connector reads it. */
export interface TableUse {
  readonly table: ValueTable;
  readonly connector: string;
  readonly target: TargetField | undefined;
  /** Values that are known to come. */
  readonly expected: readonly string[];
}

/** Many steps use a table in the same way, and a table may have thousands of rows. */
const misfits = new WeakMap<ValueTable, Map<string, readonly MappingMistake[]>>();

/** What is wrong with the use of a table: a value of it does not fit the field, or it refuses values that will come. */
export function lintTable(use: TableUse, at: readonly string[]): MappingMistake[] {
  return [...use.target === undefined ? [] : misfitsOf(use, use.target).map((mistake) => ({ ...mistake, at })), ...lintUnmapped(use, at)];
}

function misfitsOf(use: TableUse, target: TargetField): readonly MappingMistake[] {
  const known = misfits.get(use.table) ?? new Map<string, readonly MappingMistake[]>();
  misfits.set(use.table, known);
  const key = JSON.stringify([use.connector, { ...target, title: null }]);
  const found = known.get(key) ?? valuesOf(use).flatMap(([row, value]) => lintConstant(value, [], target).map((mistake) => ({ ...mistake, row })));
  known.set(key, found);
  return found;
}

function valuesOf({ table: { id, rows, bySource, byConnector, unknown }, connector }: TableUse): [RowPlace, FieldValue][] {
  const inGroup = (group: RowPlace['group'], its: Iterable<readonly [string, FieldValue]>): [RowPlace, FieldValue][] =>
    [...its].map(([key, value]) => [{ table: id, group, key }, value]);
  const values = [
    ...inGroup({ connector }, byConnector.get(connector) ?? []),
    ...[...bySource].flatMap(([source, its]) => inGroup({ source }, its)),
    ...inGroup(null, rows),
  ];
  if (typeof unknown === 'object') values.push([{ table: id, group: null, key: null }, unknown.default]);
  return values;
}

function lintUnmapped({ table, connector, expected }: TableUse, at: readonly string[]): MappingMistake[] {
  if (table.unknown !== 'refuse') return [];
  // A row for one source helps no other, so it does not count.
  const without = expected.filter((key) => rowOf(table, key, { source: '', connector }) === null);
  if (without.length === 0) return [];
  const named = without.slice(0, NAMED).join(', ') + (without.length > NAMED ? ` and ${without.length - NAMED} others` : '');
  return [{ kind: 'unmapped', severity: 'warning', at, message: `found no row in the table ${table.id} for ${named}; the deliveries of such items will be parked` }];
}
