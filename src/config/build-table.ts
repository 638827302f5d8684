import type { FieldValue, ValueTable } from '../domain/mapping.js';
import type { TableEntry } from './table-schema.js';

type RowsEntry = TableEntry['rows'];

/** Turns a checked entry into the table. `place`: where its rows stand, `file:line`. */
export function buildTable(id: string, entry: TableEntry, place: string): ValueTable {
  return { id, rows: rowsOf(entry.rows), bySource: groupsOf(entry.bySource), byConnector: groupsOf(entry.byConnector), unknown: entry.unknown, place };
}

function groupsOf(groups: Readonly<Record<string, RowsEntry>>): Map<string, ReadonlyMap<string, FieldValue>> {
  return new Map(Object.entries(groups).map(([name, rows]) => [name, rowsOf(rows)]));
}

function rowsOf(rows: RowsEntry): Map<string, FieldValue> {
  return new Map(Object.entries(rows).map(([key, value]) => [key.trim(), value]));
}
