import type { QueryRunner } from 'typeorm';
import type { Store } from '../../src/persistence/open-store.js';

/** What SQLite would do for every statement that `work` runs on one side of the store. */
export async function plansOf(store: Pick<Store, 'door'>, side: 'reader' | 'writer', work: () => Promise<unknown>): Promise<string[]> {
  const runner = await runnerOf(store, side);
  const query = runner.query.bind(runner);
  const plans: string[] = [];
  runner.query = (async (sql: string, values: unknown[] = [], ...rest: []) => {
    if (/^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/.test(sql)) {
      const steps = await query(`EXPLAIN QUERY PLAN ${sql}`, values) as { detail: string }[];
      plans.push(...steps.map(({ detail }) => detail));
    }
    return query(sql, values, ...rest) as Promise<unknown>;
  }) as typeof runner.query;
  try {
    await work();
  } finally {
    runner.query = query;
  }
  return plans;
}

/** TypeORM has one for each side. */
async function runnerOf(store: Pick<Store, 'door'>, side: 'reader' | 'writer'): Promise<QueryRunner> {
  if (side === 'reader') return store.door.read((manager) => Promise.resolve(manager.dataSource.createQueryRunner()));
  return store.door.write((manager) => Promise.resolve(manager.dataSource.createQueryRunner()));
}
