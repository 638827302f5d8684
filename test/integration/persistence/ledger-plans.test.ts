import { expect } from 'chai';
import { claimBy, newDelivery, openTempStore, acceptDeliveries, UNLIMITED } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';
import { DONE, WORKS } from '../../support/ledger-story.js';
import { plansOf } from '../../support/query-plans.js';

const COPY = `INSERT INTO delivery (id, authority, lane, item_seq, item_uid, flow, flow_version, step, position, role, connector, operation, state, state_since,
    created_at, attempts, polls, due_at, epoch, retry, order_key, cancel_requested)
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
  SELECT id || '-' || ? || i, authority, lane, item_seq, item_uid, flow, flow_version, step, position, role, connector, operation, ?, state_since,
    created_at, attempts, polls, due_at + i, epoch, retry, ?, cancel_requested FROM delivery CROSS JOIN n WHERE id IN ('d0', 'd1')`;

const GATHER = `UPDATE delivery SET load_group = CASE WHEN id LIKE '%day%' THEN 'day' ELSE 'night' END, load_weight = 1, load_count = 20, apart = 0, gathered_at = due_at
  WHERE id LIKE '%day%' OR id LIKE '%night%'`;

/** What is small whatever the ledger holds: connectors, order keys, deliveries that are leased now, what is inserted, and the lock. */
const SMALL = /^SCAN (c|turn|CONSTANT ROW|meeting|\d+-ROW VALUES CLAUSE|delivery USING (COVERING )?INDEX delivery_lease)$/;

describe('what the ledger looks at, with twenty thousand deliveries in it', () => {
  let store: TempStore;
  before(async () => {
    store = await openTempStore();
    for (const id of ['d0', 'd1']) await acceptDeliveries(store, { createdAt: store.time.at - 100_000 }, [newDelivery(id, { connector: id })]);
    await store.door.write(async (manager) => {
      for (const [name, state, key] of [['done', 'done', null], ['ready', 'ready', null], ['sent', 'sent', null], ['parked', 'parked', null], ['ordered', 'ready', 'key']]) await manager.query(COPY, [name, state, key]);
      for (const name of ['day', 'night']) await manager.query(COPY, [name, 'ready', null]);
      await manager.query(GATHER);
    });
  });
  after(async () => { await store.close(); });

  const plans = async (side: 'reader' | 'writer', work: () => Promise<unknown>) => (await plansOf(store, side, work)).filter((step) => step.startsWith('SCAN') && !SMALL.test(step));

  it('a claim, a mark and the end of a delivery read through indexes only', async () => {
    expect(await plans('writer', async () => {
      for (const { delivery } of await store.deliveries.claim(claimBy('one', { limit: 8 }))) {
        await store.deliveries.markSent(delivery);
        await store.deliveries.extendLease(delivery, 1000);
        expect(await store.deliveries.finish(delivery, DONE, WORKS)).to.deep.equal({ breaker: null });
      }
    })).to.deep.equal([]);
  });

  it('so do a claim of loads and of questions about many, and what is gathered', async () => {
    expect(await plans('writer', async () => {
      const claims = await store.deliveries.claim(claimBy('one', { limit: 8, limitsOf: () => ({ ...UNLIMITED, gathers: true, askTogether: 50 }) }));
      expect(Math.max(...claims.map(({ companions }) => companions.length))).to.equal(49);
      const load = claims.find(({ gathered }) => gathered)!;
      expect(load.companions).to.have.length(19);
      await store.deliveries.markSent(load.delivery, ...load.companions.map(({ delivery }) => delivery));
      await store.deliveries.finish(load.delivery, { state: 'gathered', load: { group: 'day', weight: 1, limits: { weight: 100, count: 20, waitMs: 1 } }, cleared: true }, WORKS);
    })).to.deep.equal([]);
  });

  it('so does a hint of the other side', async () => {
    expect(await plans('writer', () => store.operations.askByReference('default', 'd0', ['R1', 'R2']))).to.deep.equal([]);
  });

  it('so do the look for expired leases, for the next due time, the counts, and lists of what is parked', async () => {
    expect(await plans('writer', () => store.deliveries.reap())).to.deep.equal([]);
    expect(await plans('reader', () => store.deliveries.nextDueAt(() => UNLIMITED))).to.deep.equal([]);
    expect(await plans('reader', () => store.operations.counts('default'))).to.deep.equal([]);
    expect(await plans('reader', () => store.operations.list('default', { state: ['parked'] }, { limit: 5 }))).to.deep.equal([]);
    expect(await plans('reader', () => store.operations.list('default', { ids: ['d0'] }, { limit: 5 }))).to.deep.equal([]);
    expect(await plans('reader', () => store.operations.list('default', {}, { limit: 5 }))).to.deep.equal([]);
  });
});
