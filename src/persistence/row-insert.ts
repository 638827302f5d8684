import type { EntityManager, EntitySchema, EntitySchemaColumnOptions, ValueTransformer } from 'typeorm';

/** Inserts one row and resolves with the rows of its RETURNING clause (none without such a clause). */
export type RowInsert<Row> = (manager: EntityManager, row: Row) => Promise<readonly Record<string, unknown>[]>;

/** TypeORM's insert builder costs more than SQLite's work. This writes the same columns through one prepared statement:
 * every column of the schema that the database does not generate. `tail` is what follows VALUES. */
export function rowInsert<Entity extends object, Row extends Partial<Entity> = Entity>(schema: EntitySchema<Entity>, tail = ''): RowInsert<Row> {
  const columns = (Object.entries(schema.options.columns) as [keyof Row & string, EntitySchemaColumnOptions][])
    .filter(([, column]) => column.generated === undefined)
    .map(([property, column]) => ({ property, name: column.name ?? property, encode: encoder(column.transformer) }));
  const sql = `INSERT INTO ${schema.options.name} (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${tail}`;
  return (manager, row) => manager.query(sql, columns.map(({ property, encode }) => encode(row[property])));
}

function encoder(transformer: EntitySchemaColumnOptions['transformer']): (value: unknown) => unknown {
  const one: ValueTransformer | undefined = Array.isArray(transformer) ? transformer[0] : transformer;
  return one === undefined ? (value) => value : (value) => one.to(value) as unknown;
}
