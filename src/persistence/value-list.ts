import type { EntityManager, EntitySchema } from 'typeorm';
import type { RowSelect } from './row-access.js';
import { rowSelect } from './row-access.js';

/** `?, ?, ?` for `IN (…)` and the values for it. */
export interface ValueList<Value> {
  readonly marks: string;
  readonly values: Value[];
}

/** The length is rounded up to a power of two by repeating the last value, so that a few prepared statements serve every
 * number of values. None gives a list that holds nothing. */
export function valueList<Value extends string | number>(values: readonly Value[]): ValueList<Value> {
  const last = values.at(-1);
  if (last === undefined) return { marks: 'NULL', values: [] };
  const length = 2 ** Math.ceil(Math.log2(values.length));
  return { marks: Array.from({ length }, () => '?').join(', '), values: [...values, ...Array.from({ length: length - values.length }, () => last)] };
}

/** Reads the rows that belong to a list of values; `conditions` is what follows the name of the table, with `marks` for it. */
export function rowSelectIn<Entity extends object>(schema: EntitySchema<Entity>, conditions: (marks: string) => string): (manager: EntityManager, wanted: readonly (string | number)[]) => Promise<readonly Entity[]> {
  const selects = new Map<string, RowSelect<Entity>>();
  return async (manager, wanted) => {
    if (wanted.length === 0) return [];
    const { marks, values } = valueList(wanted);
    let select = selects.get(marks);
    if (select === undefined) selects.set(marks, select = rowSelect(schema, conditions(marks)));
    return select(manager, values);
  };
}
