import type { PoolClient, QueryConfig } from 'pg';
import pg from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { QueryFailedError, QueryRunnerAlreadyReleasedError } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { FOR_UPDATE } from './engine.js';

/** More different statements than this are not prepared: each takes memory in every session of the server. */
const PREPARED = 500;
/** A quoted text is left alone. */
const PLACEHOLDERS = /'(?:[^']|'')*'|\?/g;
const COMMENTED_LOCK = FOR_UPDATE.slice(2, -2);
const SET_TIME = 'SELECT set_config(\'relais.now\', $1, false)';

type TypeId = (typeof pg.types.builtins)[keyof typeof pg.types.builtins];

/** Counts, sums and times are whole numbers below 2^53. */
export const NUMBERS_AS_NUMBERS = {
  getTypeParser(oid: TypeId): (text: string) => unknown {
    const { INT8, NUMERIC } = pg.types.builtins;
    return oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid) as (text: string) => unknown;
  },
};

/** Makes a source of PostgreSQL understand the statements of the stores: `?` for a value, rows from RETURNING. `clock`
 * replaces the clock of the database, in tests. */
export function speakPlainSql(source: DataSource, clock: Clock | undefined): DataSource {
  const create = source.createQueryRunner.bind(source);
  const statements = createStatements();
  const times = new WeakMap<PoolClient, number>();

  async function setTime(client: PoolClient, sql: string): Promise<void> {
    if (clock === undefined) return;
    const now = Math.round(clock.now());
    // what is rolled back may have set the time
    if (sql.startsWith('ROLLBACK')) times.delete(client);
    else if (times.get(client) !== now) {
      times.set(client, now);
      await client.query(SET_TIME, [String(now)]);
    }
  }

  async function run(runner: QueryRunner, sql: string, values: readonly unknown[] | undefined): Promise<unknown> {
    if (runner.isReleased) throw new QueryRunnerAlreadyReleasedError();
    const client = await runner.connect() as PoolClient;
    try {
      await setTime(client, sql);
      return (await client.query(statements(sql, values))).rows;
    } catch (error) {
      times.delete(client);
      throw new QueryFailedError(sql, [...values ?? []], error instanceof Error ? error : new Error(String(error)));
    }
  }

  source.createQueryRunner = (mode) => {
    const runner = create(mode);
    const own = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
    // what asks for a structured result are TypeORM's own builders
    runner.query = ((sql: string, values?: unknown[], structured?: boolean) => (structured === true ? own(sql, values, true) : run(runner, sql, values))) as typeof runner.query;
    return runner;
  };
  return source;
}

/** Statements in the words of PostgreSQL; the first ones, which are those that come again and again, are prepared. */
function createStatements(): (sql: string, values: readonly unknown[] | undefined) => QueryConfig {
  const known = new Map<string, { readonly name: string; readonly text: string }>();
  return (sql, values) => {
    if (values === undefined || values.length === 0) return { text: sql };
    const found = known.get(sql);
    if (found !== undefined) return { ...found, values: values.map(storable) };
    const statement = { name: `relais_${known.size + 1}`, text: numbered(sql) };
    if (known.size >= PREPARED) return { text: statement.text, values: values.map(storable) };
    known.set(sql, statement);
    return { ...statement, values: values.map(storable) };
  };
}

/** `?` becomes `$1`, `$2` …, and rows are locked. */
function numbered(sql: string): string {
  let count = 0;
  return sql.replaceAll(FOR_UPDATE, COMMENTED_LOCK).replace(PLACEHOLDERS, (found) => {
    if (found !== '?') return found;
    count += 1;
    return `$${count}`;
  });
}

/** PostgreSQL takes no NUL in a text; some partner will send one. */
function storable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\u{FFFD}') : value;
}
