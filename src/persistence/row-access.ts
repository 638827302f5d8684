import type { EntityManager, EntitySchema, EntitySchemaColumnOptions, ValueTransformer } from 'typeorm';

/** TypeORM's builders cost more than SQLite's work. Where thousands of rows a second pass, these read and write the
 * columns that an entity schema declares, through one prepared statement each. */

/** Rows of one INSERT: few sizes, so that the prepared statements are found again. */
const TOGETHER = [64, 16, 4, 1];

/** Inserts one row and resolves with the rows of its RETURNING clause (none without such a clause). */
export type RowInsert<Row> = (manager: EntityManager, row: Row) => Promise<readonly Record<string, unknown>[]>;

/** Rows that meet the conditions of the statement, with `values` for its placeholders. */
export type RowSelect<Row> = (manager: EntityManager, values: readonly unknown[]) => Promise<readonly Row[]>;

/** Writes every column that the database does not generate and that is not declared otherwise. `tail` is what follows VALUES. */
export function rowInsert<Entity extends object, Row extends Partial<Entity> = Entity>(schema: EntitySchema<Entity>, tail = ''): RowInsert<Row> {
  const columns = columnsOf(schema).filter(({ inserted }) => inserted);
  const sql = `INSERT INTO ${schema.options.name} (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ${tail}`;
  return (manager, row) => manager.query(sql, columns.map(({ property, encode }) => encode(row[property])));
}

/** Inserts many rows, in their order, several with one statement: a round trip to a server costs more than a row. */
export function rowsInsert<Entity extends object>(schema: EntitySchema<Entity>): (manager: EntityManager, rows: readonly Entity[]) => Promise<void> {
  const columns = columnsOf(schema).filter(({ inserted }) => inserted);
  const row = `(${columns.map(() => '?').join(', ')})`;
  const sql = (count: number): string => `INSERT INTO ${schema.options.name} (${columns.map(({ name }) => name).join(', ')}) VALUES ${Array.from({ length: count }, () => row).join(', ')}`;
  return async (manager, rows) => {
    for (let from = 0; from < rows.length;) {
      const count = TOGETHER.find((size) => size <= rows.length - from) ?? 1;
      await manager.query(sql(count), rows.slice(from, from + count).flatMap((entity) => columns.map(({ property, encode }) => encode(entity[property]))));
      from += count;
    }
  };
}

/** Reads every column that is not declared otherwise. `conditions` is what follows the name of the table. */
export function rowSelect<Entity extends object>(schema: EntitySchema<Entity>, conditions: string): RowSelect<Entity> {
  const columns = columnsOf(schema).filter(({ selected }) => selected);
  const sql = `SELECT ${columns.map(({ property, name }) => `${name} AS "${property}"`).join(', ')} FROM ${schema.options.name} ${conditions}`;
  const decoded = columns.filter(({ decode }) => decode !== undefined);
  return async (manager, values) => {
    const rows = await manager.query<Record<string, unknown>[]>(sql, [...values]);
    for (const row of rows) for (const { property, decode } of decoded) row[property] = decode?.(row[property]);
    return rows as Entity[];
  };
}

interface Column<Property> {
  readonly property: Property;
  readonly name: string;
  readonly inserted: boolean;
  readonly selected: boolean;
  readonly encode: (value: unknown) => unknown;
  readonly decode: ((stored: unknown) => unknown) | undefined;
}

function columnsOf<Entity extends object>(schema: EntitySchema<Entity>): Column<keyof Entity & string>[] {
  return (Object.entries(schema.options.columns) as [keyof Entity & string, EntitySchemaColumnOptions][]).map(([property, column]) => {
    const transformer: ValueTransformer | undefined = Array.isArray(column.transformer) ? column.transformer[0] : column.transformer;
    return {
      property,
      name: column.name ?? property,
      inserted: column.generated === undefined && column.insert !== false,
      selected: column.select !== false,
      encode: transformer === undefined ? (value) => value : (value) => transformer.to(value) as unknown,
      decode: decoder(column, transformer),
    };
  });
}

/** SQLite keeps booleans as 0 and 1. */
function decoder(column: EntitySchemaColumnOptions, transformer: ValueTransformer | undefined): ((stored: unknown) => unknown) | undefined {
  if (transformer !== undefined) return (stored) => transformer.from(stored) as unknown;
  return column.type === 'boolean' ? (stored) => stored === 1 || stored === true : undefined;
}
