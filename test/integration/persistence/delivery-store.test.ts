import { expect } from 'chai';
import type { ClaimedDelivery } from '../../../src/delivery/store.js';
import type { NewDelivery } from '../../../src/domain/delivery.js';
import type { Item } from '../../../src/domain/item.js';
import { newDelivery, newItem, openTempStore } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const LEASE = 30_000;

describe('the delivery store', () => {
  let store: TempStore;
  beforeEach(async () => { store = await openTempStore(); });
  afterEach(async () => { await store.close(); });

  async function accept(change: Partial<Item>, ...deliveries: NewDelivery[]): Promise<string> {
    const item = newItem({ createdAt: store.time.at, ...change });
    await store.intake.accept({ item, history: [], deliveries, journal: [] });
    return item.uid;
  }
  async function claimOne(owner = 'one'): Promise<ClaimedDelivery> {
    const [claimed] = await store.deliveries.claim(owner, LEASE, 1);
    if (claimed === undefined) throw new Error('nothing to claim');
    return claimed;
  }
  const ids = (claimed: readonly ClaimedDelivery[]) => claimed.map(({ delivery }) => delivery.id);
  const stateOf = async (uid: string) => (await store.history.story('default', uid))?.deliveries.map(({ state }) => state);
  const eventsOf = async (uid: string) => (await store.history.story('default', uid))?.journal.map(({ event }) => event);

  it('claims what is due, oldest first, with its item, a lease and a new epoch', async () => {
    await accept({ title: 'newer', createdAt: store.time.at - 1 }, newDelivery('b'));
    await accept({ title: 'older', createdAt: store.time.at - 2 }, newDelivery('a'), newDelivery('a2', { position: 1, state: 'waiting' }));
    await accept({ title: 'not yet', createdAt: store.time.at + 1000 }, newDelivery('c'));
    const claimed = await store.deliveries.claim('one', LEASE, 10);
    expect(claimed.map(({ delivery, item }) => [delivery.id, item.title])).to.deep.equal([['a', 'older'], ['b', 'newer']]);
    expect(claimed[0]?.delivery).to.include({ state: 'sending', leaseOwner: 'one', leaseUntil: store.time.at + LEASE, epoch: 1, attempts: 0 });
    expect(await store.deliveries.claim('two', LEASE, 10)).to.deep.equal([]);
    expect(await store.deliveries.nextDueAt()).to.equal(store.time.at + 1000);
  });

  it('two owners never get the same delivery', async () => {
    for (let n = 0; n < 20; n += 1) await accept({}, newDelivery(`d${n}`));
    const shares = await Promise.all(['one', 'two', 'one', 'two'].map((owner) => store.deliveries.claim(owner, LEASE, 7)));
    const all = shares.flatMap(ids);
    expect(all).to.have.length(20);
    expect(new Set(all).size).to.equal(20);
  });

  it('takes authorities in turn, however much one of them has waiting', async () => {
    for (let n = 0; n < 10; n += 1) await accept({ authority: 'big', createdAt: store.time.at - 1000 + n }, newDelivery(`big${n}`));
    await accept({ authority: 'small' }, newDelivery('small0'));
    await accept({ authority: 'tiny' }, newDelivery('tiny0'));
    expect(ids(await store.deliveries.claim('one', LEASE, 4))).to.deep.equal(['big0', 'small0', 'tiny0', 'big1']);
    await accept({ authority: 'small' }, newDelivery('small1'));
    const singles: string[] = [];
    for (let n = 0; n < 4; n += 1) singles.push(...ids(await store.deliveries.claim('one', LEASE, 1)));
    expect(singles).to.deep.equal(['small1', 'big2', 'big3', 'big4']);
  });

  it('a done step makes the next one of its flow ready, and only that', async () => {
    const uid = await accept({}, newDelivery('s0'), newDelivery('s1', { position: 1, state: 'waiting' }), newDelivery('s2', { position: 2, state: 'waiting' }));
    const first = await claimOne();
    expect(await store.deliveries.finish(first.delivery, { state: 'done', remoteReference: 'R1' })).to.equal(true);
    expect(await stateOf(uid)).to.deep.equal(['done', 'ready', 'waiting']);
    const second = await claimOne();
    expect(second.delivery.id).to.equal('s1');
    expect(await store.deliveries.finish(second.delivery, { state: 'sent', remoteReference: 'R2' })).to.equal(true);
    expect(await stateOf(uid)).to.deep.equal(['done', 'sent', 'waiting']);
    expect(await store.deliveries.claim('one', LEASE, 10)).to.deep.equal([]);
    expect((await store.history.story('default', uid))?.deliveries[0]).to.include({ remoteReference: 'R1', attempts: 1, leaseOwner: null, leaseUntil: null });
    expect(await eventsOf(uid)).to.deep.equal(['delivery.claimed', 'delivery.done', 'delivery.ready', 'delivery.claimed', 'delivery.sent']);
  });

  it('retries later, counting the attempt or not, and keeps the mark until absence is proved', async () => {
    const uid = await accept({}, newDelivery('d'));
    const first = await claimOne();
    expect(await store.deliveries.markSent(first.delivery)).to.equal(true);
    const later = store.time.at + 500;
    expect(await store.deliveries.finish(first.delivery, { state: 'ready', dueAt: later, reason: 'no answer', countsAsAttempt: true, cleared: false })).to.equal(true);
    expect(await store.deliveries.claim('one', LEASE, 1)).to.deep.equal([]);
    const marked = store.time.at;
    store.time.at = later;
    const second = await claimOne();
    expect(second.delivery).to.include({ attempts: 1, markedAt: marked, epoch: 2, reason: 'no answer' });
    await store.deliveries.finish(second.delivery, { state: 'ready', dueAt: later, reason: 'not there', countsAsAttempt: false, cleared: true });
    const third = await claimOne();
    expect(third.delivery).to.include({ attempts: 1, markedAt: null, epoch: 3 });
    await store.deliveries.finish(third.delivery, { state: 'parked', reason: 'correct the title' });
    expect((await store.history.story('default', uid))?.deliveries[0]).to.include({ state: 'parked', reason: 'correct the title', attempts: 2 });
    expect(await eventsOf(uid)).to.deep.equal([
      'delivery.claimed', 'delivery.marked', 'delivery.ready', 'delivery.claimed', 'delivery.ready', 'delivery.claimed', 'delivery.parked',
    ]);
  });

  it('a lost lease changes nothing and is not an error; the mark survives it', async () => {
    const uid = await accept({}, newDelivery('d'));
    const lost = await claimOne('one');
    await store.deliveries.markSent(lost.delivery);
    expect(await store.deliveries.reap()).to.equal(0);
    expect(await store.deliveries.extendLease(lost.delivery, 2 * LEASE)).to.equal(true);
    store.time.at += LEASE;
    expect(await store.deliveries.reap(), 'the lease was extended').to.equal(0);
    store.time.at += LEASE;
    expect(await store.deliveries.reap()).to.equal(1);
    const taken = await claimOne('two');
    expect(taken.delivery.markedAt).to.not.equal(null);
    const before = await store.history.story('default', uid);
    expect(await store.deliveries.markSent(lost.delivery)).to.equal(false);
    expect(await store.deliveries.extendLease(lost.delivery, LEASE)).to.equal(false);
    for (const outcome of [{ state: 'done', remoteReference: 'R' }, { state: 'parked', reason: 'r' }, { state: 'ready', dueAt: 0, reason: 'r', countsAsAttempt: true, cleared: true }] as const) {
      expect(await store.deliveries.finish(lost.delivery, outcome)).to.equal(false);
    }
    expect(await store.deliveries.finish({ ...taken.delivery, leaseOwner: 'three' }, { state: 'done', remoteReference: 'R' })).to.equal(false);
    expect(await store.history.story('default', uid)).to.deep.equal(before);
    expect(await store.deliveries.finish(taken.delivery, { state: 'done', remoteReference: 'R' })).to.equal(true);
    expect(await store.deliveries.finish(taken.delivery, { state: 'done', remoteReference: 'R' }), 'finished twice').to.equal(false);
  });

  it('the journal of deliveries keeps the chain whole, an authority at a time', async () => {
    await accept({ authority: 'a' }, newDelivery('a1'));
    await accept({ authority: 'b' }, newDelivery('b1'));
    for (const { delivery } of await store.deliveries.claim('one', LEASE, 5)) await store.deliveries.finish(delivery, { state: 'done', remoteReference: 'R' });
    for (const authority of ['a', 'b']) expect(await store.verifyJournal(authority)).to.include({ entries: 2, brokenAt: null });
    expect(await store.deliveries.nextDueAt()).to.equal(null);
  });
});
