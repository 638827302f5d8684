import { expect } from 'chai';
import type { ConnectorLimits } from '../../../src/domain/authority.js';
import type { NewDelivery } from '../../../src/domain/delivery.js';
import type { ClaimedDelivery, ClaimRequest } from '../../../src/delivery/store.js';
import { eachEngine } from '../../support/each-engine.js';
import { acceptDeliveries, claimBy, newDelivery, UNLIMITED } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const WORKS = { verdict: 'works' } as const;
const BROKEN = { verdict: 'misconfigured', reason: 'wrong password' } as const;
const NOTHING = { fields: {}, annexes: [], reviewState: null } as const;
const done = { state: 'done', remoteReference: 'R', broughtBack: NOTHING } as const;

eachEngine('claiming', (open) => {
  let store: TempStore;
  let count = 0;
  beforeEach(async () => { store = await open(); count = 0; });
  afterEach(async () => { await store.close(); });

  const ids = (claimed: readonly ClaimedDelivery[]) => claimed.map(({ delivery }) => delivery.id);
  const claim = (limit: number, change: Partial<ClaimRequest> = {}) => store.deliveries.claim(claimBy('one', { limit, ...change }));
  const limited = (limits: Partial<ConnectorLimits>) => ({ limitsOf: () => ({ ...UNLIMITED, ...limits }) });
  const finishAll = async (claimed: readonly ClaimedDelivery[]) => {
    for (const { delivery } of claimed) expect(await store.deliveries.finish(delivery, done, WORKS)).to.deep.equal({ breaker: null });
  };
  /** One item with one delivery, later than the one before. */
  const wait = async (authority: string, connector: string, change: Partial<NewDelivery> = {}) => {
    const id = `${connector}-${count += 1}`;
    await acceptDeliveries(store, { authority, createdAt: store.time.at - 10_000 + count }, [newDelivery(id, { connector, ...change })]);
    return id;
  };
  /** Sends a delivery whose answer is to be asked for at once. */
  const send = async (authority: string, connector: string) => {
    const id = await wait(authority, connector);
    const [claimed] = await claim(1);
    expect(claimed?.delivery.id).to.equal(id);
    await store.deliveries.finish(claimed!.delivery, { state: 'sent', remoteReference: 'R', receiptData: { ticket: 7 }, dueAt: store.time.at, broughtBack: NOTHING }, WORKS);
    return id;
  };

  it('takes what is due, oldest first, with its item and its step, a lease and a new epoch', async () => {
    await acceptDeliveries(store, { title: 'newer', createdAt: store.time.at - 1 }, [newDelivery('b')]);
    await acceptDeliveries(store, { title: 'older', createdAt: store.time.at - 2 }, [newDelivery('a'), newDelivery('a2', { step: 'step-1', position: 1, state: 'waiting' })]);
    await acceptDeliveries(store, { title: 'not yet', createdAt: store.time.at + 1000 }, [newDelivery('c')]);
    const claimed = await claim(10);
    expect(claimed.map(({ delivery, item, step }) => [delivery.id, item.title, step.id])).to.deep.equal([['a', 'older', 'step-0'], ['b', 'newer', 'step-0']]);
    expect(claimed[0]?.delivery).to.include({ state: 'sending', leaseOwner: 'one', leaseUntil: store.time.at + 60_000, stateSince: store.time.at, epoch: 1, attempts: 0, polls: 0, cancelRequested: false });
    expect(claimed[0]?.flow.steps.map(({ id }) => id)).to.deep.equal(['step-0', 'step-1']);
    expect(claimed[0]?.canary).to.equal(false);
    expect(await claim(10)).to.deep.equal([]);
    expect(await store.deliveries.nextDueAt(() => UNLIMITED)).to.equal(store.time.at + 1000);
  });

  it('two owners never get the same delivery', async () => {
    for (let n = 0; n < 20; n += 1) await wait('default', 'out');
    const shares = await Promise.all(['one', 'two', 'one', 'two'].map((owner) => store.deliveries.claim(claimBy(owner, { limit: 7 }))));
    expect(new Set(shares.flatMap(ids)).size).to.equal(20);
    expect(shares.flat()).to.have.length(20);
  });

  it('goes round the authorities, and round the connectors of each', async () => {
    for (let n = 0; n < 3; n += 1) for (const connector of ['a', 'b']) await wait('big', connector);
    await wait('small', 'a');
    const turn: string[] = [];
    for (let n = 0; n < 7; n += 1) turn.push(...(await claim(1)).map(({ delivery }) => `${delivery.authority} ${delivery.connector}`));
    expect(turn).to.deep.equal(['big a', 'small a', 'big b', 'big a', 'big b', 'big a', 'big b']);
  });

  it('whoever has one item waits for nobody who has fifty thousand', async function () {
    this.timeout(60_000);
    const first = await acceptDeliveries(store, { authority: 'big' }, [newDelivery('seed', { connector: 'out' })]);
    await store.door.write((manager) => manager.query(`INSERT INTO delivery (id, authority, lane, item_seq, item_uid, flow, flow_version, step, position, role, connector,
        operation, state, state_since, created_at, attempts, polls, due_at, epoch, retry, cancel_requested)
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
      SELECT 'copy-' || i, authority, lane, item_seq, item_uid, flow, flow_version, step, position, role, connector, operation, state, state_since, created_at,
        attempts, polls, due_at, epoch, retry, cancel_requested FROM n CROSS JOIN delivery WHERE item_uid = ?`, [first.uid]));
    const small = await wait('small', 'out');
    expect(ids(await claim(2))).to.include(small);
  });

  it('uses no more of a connector at once than it may, whichever process claims', async () => {
    for (let n = 0; n < 5; n += 1) await wait('default', 'narrow');
    const other = await wait('default', 'wide');
    const limits: Partial<ClaimRequest> = { limitsOf: (_, connector) => ({ ...UNLIMITED, concurrency: connector === 'narrow' ? 2 : 9 }) };
    const first = await claim(10, limits);
    expect(ids(first)).to.have.members(['narrow-1', 'narrow-2', other]);
    expect(await store.deliveries.claim(claimBy('two', { limit: 10, ...limits }))).to.deep.equal([]);
    expect(await store.deliveries.nextDueAt(limits.limitsOf!), 'only the end of one makes room').to.equal(null);
    await finishAll(first.slice(0, 1));
    expect(ids(await store.deliveries.claim(claimBy('two', { limit: 10, ...limits })))).to.deep.equal(['narrow-3']);
  });

  it('keeps to the rate of a connector, a second of it at once at most', async () => {
    for (let n = 0; n < 30; n += 1) await wait('default', 'slow');
    const rate = limited({ perMinute: 120 });
    expect(await claim(30, rate)).to.have.length(2);
    expect(await claim(30, rate)).to.have.length(0);
    expect(await store.deliveries.nextDueAt(rate.limitsOf)).to.equal(store.time.at + 500);
    let begun = 0;
    for (let halfSecond = 0; halfSecond < 10; halfSecond += 1) {
      store.time.at += 500;
      begun += (await claim(30, rate)).length;
    }
    expect(begun).to.equal(10);
    store.time.at += 60_000;
    expect(await claim(30, rate), 'a pause saves nothing up').to.have.length(2);
  });

  it('asks for answers whatever the rate, but not of more at once than the connector may be used', async () => {
    for (let n = 0; n < 3; n += 1) await send('default', 'slow');
    const asked = await claim(10, limited({ perMinute: 1, concurrency: 2 }));
    expect(asked.map(({ delivery }) => [delivery.state, delivery.receiptData])).to.deep.equal([['sent', { ticket: 7 }], ['sent', { ticket: 7 }]]);
    expect(await claim(10, limited({ perMinute: 1, concurrency: 2 }))).to.deep.equal([]);
  });

  it('keeps the order of a key: the oldest unfinished first, the next when it is over or with the other side', async () => {
    const [a1, b1, a2, free, a3] = [await wait('default', 'o', { orderKey: 'a' }), await wait('default', 'o', { orderKey: 'b' }), await wait('default', 'o', { orderKey: 'a' }), await wait('default', 'o'), await wait('default', 'o', { orderKey: 'a' })];
    const first = await claim(10);
    expect(ids(first)).to.deep.equal([a1, b1, free]);
    expect(await claim(10)).to.deep.equal([]);
    await store.deliveries.finish(first[0]!.delivery, { state: 'ready', dueAt: store.time.at + 5000, reason: 'later', countsAsAttempt: true, cleared: true }, { verdict: 'unaffected' });
    expect(await claim(10), 'its successors wait for it').to.deep.equal([]);
    expect(await store.deliveries.nextDueAt(() => UNLIMITED)).to.equal(store.time.at + 5000);
    store.time.at += 5000;
    const again = await claim(10);
    expect(ids(again)).to.deep.equal([a1]);
    await store.deliveries.finish(again[0]!.delivery, { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at + 60_000, broughtBack: NOTHING }, WORKS);
    const next = await claim(10);
    expect(ids(next)).to.deep.equal([a2]);
    await store.deliveries.finish(next[0]!.delivery, { state: 'parked', reason: 'r', fix: null, countsAsAttempt: true, cleared: true }, WORKS);
    expect(ids(await claim(10))).to.deep.equal([a3]);
  });

  it('leaves alone what this process does not serve', async () => {
    await wait('elsewhere', 'out');
    const here = await wait('here', 'out');
    const limitsOf: ClaimRequest['limitsOf'] = (authority) => (authority === 'here' ? UNLIMITED : null);
    expect(ids(await claim(10, { limitsOf }))).to.deep.equal([here]);
    expect(await store.deliveries.nextDueAt(limitsOf)).to.equal(null);
    expect(await store.deliveries.nextDueAt(() => UNLIMITED)).to.be.a('number');
  });

  it('sends one canary through an open breaker when it is time, and nothing else until it has come back', async () => {
    for (let n = 0; n < 4; n += 1) await wait('default', 'down');
    const first = await claim(2);
    const retry = { state: 'ready', dueAt: store.time.at + 60_000, reason: 'wrong password', countsAsAttempt: false, cleared: true } as const;
    expect(await store.deliveries.finish(first[0]!.delivery, retry, BROKEN)).to.deep.equal({ breaker: 'opened' });
    expect(await store.deliveries.finish(first[1]!.delivery, retry, BROKEN)).to.deep.equal({ breaker: null });
    expect(await claim(10)).to.deep.equal([]);
    const canaryAt = (await store.deliveries.nextDueAt(() => UNLIMITED))!;
    expect(canaryAt).to.be.greaterThan(store.time.at).and.lessThan(store.time.at + 60_000);
    store.time.at = canaryAt;
    const canary = await claim(10);
    expect(canary.map((one) => [one.delivery.id, one.canary])).to.deep.equal([['down-3', true]]);
    expect(await claim(10)).to.deep.equal([]);
    expect(await store.deliveries.finish(canary[0]!.delivery, { ...retry, dueAt: store.time.at + 60_000 }, BROKEN)).to.deep.equal({ breaker: null });
    store.time.at = (await store.deliveries.nextDueAt(() => UNLIMITED))!;
    const second = await claim(10);
    expect(second.map((one) => [one.delivery.id, one.canary]), 'another one: the failed canary comes later').to.deep.equal([['down-4', true]]);
    expect(await store.deliveries.finish(second[0]!.delivery, done, WORKS)).to.deep.equal({ breaker: 'closed' });
    expect(ids(await claim(10)), 'what was put off goes at once, in its order').to.deep.equal(['down-1', 'down-2', 'down-3']);
    const journal = await store.history.story('default', first[0]!.item.uid);
    expect(journal?.journal.map(({ event }) => event)).to.deep.equal(['delivery.claimed', 'delivery.ready', 'delivery.claimed']);
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
  });
});
