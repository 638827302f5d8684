import { expect } from 'chai';
import type { QueryRunner } from 'typeorm';
import type { ItemQuery } from '../../../src/history/store.js';
import { DONE, WORKS } from '../../support/ledger-story.js';
import { acceptDeliveries, claimBy, gather, newDelivery, newItem, openTempPostgres, UNLIMITED } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const ITEMS = `INSERT INTO item (uid, authority, kind, source, config_id, short_id, creator, created_at, modified_at, review_state, proposing_organisation, category,
    preferred_meeting, meeting, external_identifier, to_discuss, text_bytes, title, associated_organisations, organisations_in_charge, optional_advisers, extra,
    description, detailed_description, motivation, decision)
  SELECT 'u' || n, authority, kind, source, 'config' || n % 300, 's' || n, 'creator' || n % 300, created_at + n, modified_at, 'state' || n % 300, 'group' || n % 300, 'k' || n % 300,
    preferred_meeting, 'm' || n % 300, 'x' || n, to_discuss, text_bytes, title, associated_organisations, organisations_in_charge, optional_advisers, extra,
    description, detailed_description, motivation, decision FROM item CROSS JOIN generate_series(1, 30000) n WHERE uid = ?`;
const TEXTS = 'INSERT INTO item_text SELECT seq, array_to_tsvector(ARRAY[\'@\' || authority, \'tword\' || seq % 300]), \' word\' || seq % 300 || \' \', \'\', \'\', \'\' FROM item WHERE uid LIKE \'u%\'';
const DELIVERIES = `INSERT INTO delivery (id, authority, lane, item_seq, item_uid, flow, flow_version, step, position, role, connector, operation, state, state_since,
    created_at, attempts, polls, due_at, epoch, retry, order_key, cancel_requested)
  SELECT d.id || '-' || i.seq, d.authority, d.lane, i.seq, i.uid, d.flow, d.flow_version, d.step, d.position, d.role, d.connector, d.operation,
    CASE i.seq % 20 WHEN 0 THEN 'ready' WHEN 1 THEN 'sent' WHEN 2 THEN 'parked' WHEN 3 THEN 'ready' ELSE 'done' END, d.state_since,
    d.created_at, d.attempts, d.polls, d.due_at + i.seq, d.epoch, d.retry, CASE i.seq % 20 WHEN 3 THEN 'key' || i.seq % 5 END, d.cancel_requested
  FROM delivery d CROSS JOIN item i WHERE d.id IN ('d0', 'd1') AND i.uid LIKE 'u%'`;

const REST = [
  'INSERT INTO annex SELECT seq, 0, authority, \'a\' || seq, \'a\', \'a\', \'t\', \'item\', \'f\', \'text/plain\', 1, \'hash\' || seq, false FROM item',
  'INSERT INTO history_event SELECT seq, 0, 1, \'a\', \'b\', \'c\', NULL, NULL FROM item',
  'INSERT INTO journal SELECT authority, seq, 1, \'a\', uid, \'item.accepted\', \'{}\', \'hash\' FROM item',
  'INSERT INTO taken_key SELECT authority, \'k\' || seq, uid, \'content\', 1 FROM item',
];

/** Tables that stay small, or whose part that is read is: connectors, and what is leased now. */
const SMALL = /Seq Scan on (connector_state|flow_version|meeting)/;

/** The plan of every statement of a work. */
async function plansOf(store: TempStore, side: 'reader' | 'writer', work: () => Promise<unknown>): Promise<string[]> {
  const plans: string[] = [];
  const watch = (runner: QueryRunner): (() => void) => {
    const query = runner.query.bind(runner) as (sql: string, values?: unknown[], structured?: boolean) => Promise<unknown>;
    runner.query = (async (sql: string, values?: unknown[], structured?: boolean) => {
      const asked = structured !== true && /^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)/.test(sql) && !sql.includes('set_config');
      if (asked) plans.push(...(await query(`EXPLAIN ${sql}`, values) as { 'QUERY PLAN': string }[]).map((row) => row['QUERY PLAN']));
      return query(sql, values, structured);
    }) as typeof runner.query;
    return () => { runner.query = query as typeof runner.query; };
  };
  if (side === 'writer') {
    const forget = await store.door.write((manager) => Promise.resolve(watch(manager.queryRunner!)));
    await work().finally(forget);
    return plans;
  }
  const source = await store.door.read((manager) => Promise.resolve(manager.dataSource));
  const create = source.createQueryRunner.bind(source);
  source.createQueryRunner = (mode) => { const runner = create(mode); watch(runner); return runner; };
  await work().finally(() => { source.createQueryRunner = create; });
  return plans;
}

describe('what PostgreSQL looks at, with thirty thousand items and sixty thousand deliveries', function () {
  this.timeout(60_000);
  let store: TempStore;
  before(async () => {
    store = await openTempPostgres();
    const { uid } = await acceptDeliveries(store, { createdAt: store.time.at - 100_000_000 }, [newDelivery('d0', { connector: 'd0' }), newDelivery('d1', { connector: 'd1', position: 1 })]);
    await store.door.write(async (manager) => {
      await manager.query(ITEMS, [uid]);
      for (const sql of [TEXTS, DELIVERIES, ...REST]) await manager.query(sql);
    });
    await store.door.write((manager) => manager.query('ANALYZE'));
  });
  after(async () => { await store.close(); });

  const scans = (plans: readonly string[]) => plans.filter((step) => step.includes('Seq Scan') && !SMALL.test(step));

  it('a claim, a mark and the end of a delivery', async () => {
    const plans = await plansOf(store, 'writer', async () => {
      const claimed = await store.deliveries.claim(claimBy('one', { limit: 8 }));
      expect(claimed).to.have.length(8);
      for (const { delivery } of claimed) {
        await store.deliveries.markSent(delivery);
        await store.deliveries.extendLease(delivery, 1000);
        await store.deliveries.finish(delivery, DONE, WORKS);
      }
      await store.deliveries.reap();
    });
    for (const index of ['delivery_ready', 'delivery_sent', 'delivery_ordered', 'delivery_lease']) expect(plans.join('\n')).to.contain(index);
    expect(scans(plans)).to.deep.equal([]);
  });

  it('a key that is taken, and taken again', async () => {
    const take = () => store.intake.acceptOnce({ item: newItem(), history: [], flow: null, deliveries: [], journal: [] }, { keys: ['k'], content: 'c' });
    const plans = await plansOf(store, 'writer', async () => {
      expect(await take()).to.have.property('id');
      expect(await take()).to.have.property('taken');
    });
    for (const index of ['taken_key_pkey', 'item_uid', 'delivery_item']) expect(plans.join('\n')).to.contain(index);
    // the items were put there without a list of their words
    expect(scans(plans).filter((step) => !step.includes('on item_term'))).to.deep.equal([]);
  });

  it('the look for the next due time, counts and lists of what is parked', async () => {
    const plans = await plansOf(store, 'reader', async () => {
      await store.deliveries.nextDueAt(() => UNLIMITED);
      await store.operations.counts('default');
      await store.operations.list('default', { ids: ['d0'] }, { limit: 5 });
      await store.operations.list('default', {}, { limit: 5 });
    });
    expect(scans(plans)).to.deep.equal([]);
  });

  it('searches by every criterion, words, and the story of an item', async () => {
    const search = (query: ItemQuery) => gather(store.history.search('default', query, 'everything'));
    const queries: ItemQuery[] = [
      { uid: 'u7' }, { externalIdentifier: 'x7' }, { creator: 'creator7' }, { category: 'k7' }, { configId: 'config7' }, { proposingOrganisation: 'group7' }, { reviewState: 'state7' }, { meeting: 'm7' },
      { text: [{ field: 'title', query: { type: 'word', text: 'word7' } }] },
      { text: [{ field: 'everything', query: { type: 'pattern', pattern: 'word123*' } }] },
    ];
    for (const query of queries) {
      let found = 0;
      const plans = await plansOf(store, 'reader', async () => { found = (await search(query)).length; });
      expect(found, JSON.stringify(query)).to.be.greaterThan(0);
      expect(scans(plans), JSON.stringify(query)).to.deep.equal([]);
    }
    expect(scans(await plansOf(store, 'reader', () => store.history.story('default', 'u7')))).to.deep.equal([]);
    expect(scans(await plansOf(store, 'reader', () => store.history.latest('default', 5)))).to.deep.equal([]);
  });
});
