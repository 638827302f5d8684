import type { EntityManager } from 'typeorm';
import { ItemEntity } from './entities.js';
import { textOf } from './item-text.js';
import { readItems } from './read-items.js';
import { rowSelect } from './row-access.js';
import type { TextIndex } from './text-index.js';

/** Every table with what is in it for good, in an order in which each row finds those that it refers to; with the columns by
 * which it is read page by page. */
export const COPIED_TABLES: readonly (readonly [table: string, key: readonly string[]])[] = [
  ['item', ['seq']],
  ['item_adviser', ['item_seq', 'organisation']],
  ['short_id_suffix', ['authority', 'config_id', 'creator', 'base_id']],
  ['annex', ['item_seq', 'position']],
  ['history_event', ['item_seq', 'position']],
  ['connector_state', ['lane']],
  ['flow_version', ['authority', 'flow', 'version']],
  ['delivery', ['seq']],
  ['journal', ['authority', 'sequence']],
  ['journal_seal', ['authority', 'number']],
  ['meeting', ['authority', 'uid']],
  ['incident', ['authority', 'kind', 'subject']],
  ['taken_key', ['authority', 'key']],
  ['upstream_copy', ['authority', 'connector', 'kind', 'key']],
  ['imported_link', ['authority', 'external_identifier', 'config_id', 'connector', 'upstream']],
];

/** Rows whose keys the database of the target makes, too: it goes on behind the highest. */
const GENERATED: readonly (readonly [table: string, column: string])[] = [['item', 'seq'], ['delivery', 'seq'], ['connector_state', 'lane']];

/** A page of items may hold megabytes of text. */
const PAGE = 200;
const TEXT_PAGE = 100;

type Row = Readonly<Record<string, unknown>>;

/** Copies a table from SQLite to PostgreSQL, inside the transaction of `to`; resolves with the number of rows. */
export async function copyTable(from: EntityManager, to: EntityManager, table: string, key: readonly string[]): Promise<number> {
  const booleans = await booleanColumns(to, table);
  let copied = 0;
  for (let page = await readPage(from, table, key, undefined); page.length > 0; page = await readPage(from, table, key, page.at(-1))) {
    await insertPage(to, table, page.map((row) => withBooleans(row, booleans)));
    copied += page.length;
  }
  return copied;
}

async function readPage(from: EntityManager, table: string, key: readonly string[], last: Row | undefined): Promise<Row[]> {
  const columns = key.join(', ');
  const behind = last === undefined ? '' : `WHERE (${columns}) > (${key.map(() => '?').join(', ')})`;
  return from.query(`SELECT * FROM ${table} ${behind} ORDER BY ${columns} LIMIT ?`, [...last === undefined ? [] : key.map((column) => last[column]), PAGE]);
}

async function insertPage(to: EntityManager, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  const marks = `(${columns.map(() => '?').join(', ')})`;
  await to.query(`INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.map(() => marks).join(', ')}`, rows.flatMap((row) => columns.map((column) => row[column])));
}

async function booleanColumns(to: EntityManager, table: string): Promise<readonly string[]> {
  const rows = await to.query<{ name: string }[]>('SELECT column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? AND data_type = \'boolean\'', [table]);
  return rows.map(({ name }) => name);
}

/** SQLite keeps 0 and 1. */
function withBooleans(row: Row, columns: readonly string[]): Row {
  return { ...row, ...Object.fromEntries(columns.map((column) => [column, row[column] === 1])) };
}

/** New rows come behind the copied ones. */
export async function continueKeys(to: EntityManager): Promise<void> {
  for (const [table, column] of GENERATED) {
    await to.query(`SELECT setval(pg_get_serial_sequence('${table}', '${column}'), coalesce((SELECT max(${column}) FROM ${table}), 0) + 1, false)`);
  }
}

const selectPage = rowSelect(ItemEntity, `WHERE seq > ? ORDER BY seq LIMIT ${TEXT_PAGE}`);

/** The index of SQLite holds words only: that of the target is made of the items. */
export async function indexCopiedItems(to: EntityManager, index: TextIndex): Promise<void> {
  for (let rows = await selectPage(to, [0]); rows.length > 0; rows = await selectPage(to, [rows.at(-1)?.seq])) {
    const seqs = rows.map(({ seq }) => seq);
    const items = await readItems(to, seqs);
    await index.add(to, items.map((item, position) => textOf(seqs[position] ?? 0, item)));
    for (const { seq, purgedAt } of rows) if (purgedAt !== null) await index.remove(to, seq);
  }
}
