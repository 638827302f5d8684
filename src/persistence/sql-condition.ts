/** A part of a statement, with the values of its placeholders in their order. */
export interface SqlCondition {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Both, or all of them, in brackets. */
export function joinConditions(conditions: readonly SqlCondition[], operator: 'AND' | 'OR'): SqlCondition {
  return { sql: `(${conditions.map(({ sql }) => sql).join(` ${operator} `)})`, values: conditions.flatMap(({ values }) => values) };
}
