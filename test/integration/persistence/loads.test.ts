import { expect } from 'chai';
import type { Gathering } from '../../../src/connector-api/connector.js';
import type { Claim, ClaimRequest, LaneLimits } from '../../../src/delivery/store.js';
import type { NewDelivery } from '../../../src/domain/delivery.js';
import { eachEngine } from '../../support/each-engine.js';
import { deliveriesOf, eventsOf, NOTHING, UNAFFECTED, WORKS } from '../../support/ledger-story.js';
import { acceptDeliveries, claimBy, newDelivery, UNLIMITED } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const HOUR = 3_600_000;
const LIMITS = { weight: 100, count: 3, waitMs: HOUR };

eachEngine('what is carried out together', (open) => {
  let store: TempStore;
  let count = 0;
  beforeEach(async () => { store = await open(); count = 0; });
  afterEach(async () => { await store.close(); });

  const accept = async (change: Partial<NewDelivery> = {}) => {
    const id = `d${count += 1}`;
    const { uid } = await acceptDeliveries(store, { createdAt: store.time.at - 10_000 + count }, [newDelivery(id, { connector: 'out', ...change })]);
    return { id, uid };
  };
  const claim = (change: Partial<LaneLimits> = {}, request: Partial<ClaimRequest> = {}) => store.deliveries.claim(claimBy('one', { limit: 10, limitsOf: () => ({ ...UNLIMITED, ...change }), ...request }));
  const gathers = { gathers: true } as const;
  const slots = (claims: readonly Claim[]) => claims.map(({ companions, ...first }) => [first, ...companions].map(({ delivery }) => delivery.id).join(' '));
  const gather = (weight: number, change: Partial<Gathering> = {}) => ({ state: 'gathered', load: { group: 'day', weight, limits: LIMITS, ...change }, cleared: false }) as const;
  /** Accepts one and gathers it. */
  const wait = async (weight: number, change: Partial<Gathering> = {}) => {
    const accepted = await accept();
    const [claimed] = await claim(gathers);
    expect(claimed).to.deep.include({ gathered: false, companions: [] });
    expect(claimed?.delivery.id).to.equal(accepted.id);
    expect(await store.deliveries.finish(claimed!.delivery, gather(weight, change), UNAFFECTED)).to.deep.equal({ breaker: null });
    return accepted;
  };

  it('those that were gathered wait, and leave in the order of their arrival when the first has waited long enough', async () => {
    const { uid } = await wait(10);
    const due = store.time.at + HOUR;
    store.time.at += 1000;
    await wait(20);
    await wait(5, { group: 'night' });
    expect((await deliveriesOf(store, uid))[0]).to.include({ state: 'ready', dueAt: due, attempts: 0, reason: 'Waits for a load: 1 of 3, 0.0 MB of 0.0 MB, leaves at 2027-03-01 10:00 UTC at the latest.' });
    expect(await eventsOf(store, uid)).to.deep.equal(['delivery.claimed', 'delivery.ready']);
    expect(await claim(gathers)).to.deep.equal([]);
    expect(await store.deliveries.nextDueAt(() => ({ ...UNLIMITED, gathers: true }))).to.equal(due);
    store.time.at = due;
    const claims = await claim(gathers);
    expect(slots(claims)).to.deep.equal(['d1 d2']);
    expect([claims[0]!, ...claims[0]!.companions].map(({ gathered, delivery }) => [gathered, delivery.state])).to.deep.equal([[true, 'sending'], [true, 'sending']]);
    expect(await claim(gathers)).to.deep.equal([]);
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
  });

  it('a load that is full leaves at once, as one, whatever waits beside it; what was marked is probed by itself', async () => {
    for (const weight of [10, 20, 30]) await wait(weight);
    const [load] = await claim(gathers);
    expect(slots([load!])).to.deep.equal(['d1 d2 d3']);
    const all = [load!, ...load!.companions].map(({ delivery }) => delivery);
    expect(await store.deliveries.markSent(...all)).to.equal(true);
    const again = { state: 'ready', dueAt: store.time.at, reason: 'r', countsAsAttempt: true } as const;
    await store.deliveries.finish(all[0]!, { ...again, cleared: false }, WORKS);
    await store.deliveries.finish(all[1]!, { ...again, dueAt: store.time.at + 60_000, cleared: true }, WORKS);
    const next = await claim(gathers);
    expect(slots(next)).to.deep.equal(['d1']);
    expect(next[0]).to.include({ gathered: false });
    expect(next[0]?.delivery.markedAt).to.equal(store.time.at);
    await wait(40);
    store.time.at += 60_000;
    expect(slots(await claim(gathers)), 'what failed goes when it is its time, with those that wait').to.deep.equal(['d2 d4']);
  });

  it('marks all of a load or none', async () => {
    for (const weight of [10, 20, 30]) await wait(weight);
    const [load] = await claim(gathers);
    const all = [load!, ...load!.companions].map(({ delivery }) => delivery);
    expect(await store.deliveries.markSent(...all.slice(0, 2), { ...all[2]!, epoch: 99 })).to.equal(false);
    store.time.at += 61_000;
    expect(await store.deliveries.reap()).to.equal(3);
    const [unmarked] = await claim(gathers);
    expect(slots([unmarked!]), 'a crash before the mark').to.deep.equal(['d1 d2 d3']);
    const kept = [unmarked!, ...unmarked!.companions].map(({ delivery }) => delivery);
    expect(kept.map(({ markedAt }) => markedAt)).to.deep.equal([null, null, null]);
    expect(await store.deliveries.markSent(...kept)).to.equal(true);
    store.time.at += 61_000;
    await store.deliveries.reap();
    expect(slots(await claim(gathers)), 'a crash after it').to.deep.equal(['d1', 'd2', 'd3']);
  });

  it('those that are gathered at once see each other', async () => {
    for (let n = 0; n < 3; n += 1) await accept();
    const claims = await claim(gathers);
    await Promise.all(claims.map(({ delivery }) => store.deliveries.finish(delivery, gather(1), UNAFFECTED)));
    expect(slots(await claim(gathers))).to.deep.equal(['d1 d2 d3']);
  });

  it('an operator lets a load leave, or takes one out of it', async () => {
    for (const weight of [10, 20]) await wait(weight);
    expect(await store.operations.cancel('default', { ids: ['d1'] }, 'operator', 'no')).to.equal(1);
    await wait(30, { limits: { ...LIMITS, count: 9 } });
    expect(await claim(gathers)).to.deep.equal([]);
    expect(await store.operations.retry('default', { ids: ['d3'] }, 'operator')).to.equal(1);
    expect(slots(await claim(gathers))).to.deep.equal(['d2 d3']);
  });

  it('gathering is not counted by the rate, and loads and questions about many are counted as one', async () => {
    const limits = { concurrency: 2, perMinute: 1, gathers: true, askTogether: 3 };
    for (let n = 0; n < 4; n += 1) await accept({ orderKey: n < 2 ? 'key' : null });
    const sent: Claim[] = [];
    for (let left = 4; left > 0;) {
      const claims = await claim(limits);
      expect(claims.length).to.be.within(1, 2);
      left -= claims.length;
      for (const { delivery } of claims) await store.deliveries.finish(delivery, gather(1, { group: delivery.id, limits: { ...LIMITS, count: 1 } }), UNAFFECTED);
    }
    for (let minute = 0; minute < 4; minute += 1) {
      const claims = await claim(limits);
      expect(claims).to.have.length(1);
      sent.push(...claims);
      expect(await claim(limits)).to.deep.equal([]);
      await store.deliveries.finish(claims[0]!.delivery, { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at + 10 * HOUR, broughtBack: NOTHING }, WORKS);
      store.time.at += 60_000;
    }
    store.time.at += 10 * HOUR;
    const asked = await claim(limits);
    expect(asked.map(({ companions }) => companions.length)).to.deep.equal([2, 0]);
    await store.deliveries.finish(asked[0]!.delivery, { state: 'pending', dueAt: store.time.at + HOUR, reason: null }, WORKS);
    await accept();
    expect(await claim(limits), 'the slot is used until all that share it have ended').to.deep.equal([]);
    for (const { delivery } of asked[0]!.companions) await store.deliveries.finish(delivery, { state: 'pending', dueAt: store.time.at + HOUR, reason: null }, WORKS);
    expect(await claim(limits)).to.have.length(1);
  });

  it('asks together about what is due within a minute, but not about what is to be taken back', async () => {
    const dues = [0, 60_000, 60_001, 0];
    for (const later of dues) {
      await accept();
      const [claimed] = await claim();
      await store.deliveries.finish(claimed!.delivery, { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at + 1 + later, broughtBack: NOTHING }, WORKS);
    }
    store.time.at += 1;
    expect(await store.operations.cancel('default', { ids: ['d4'] }, 'operator', 'no')).to.equal(1);
    expect(slots(await claim({ askTogether: 50 })).toSorted()).to.deep.equal(['d1 d2', 'd4']);
  });

  it('puts on the item what came back before the end, once, and writes it down', async () => {
    const { uid } = await accept();
    const [claimed] = await claim();
    await store.deliveries.finish(claimed!.delivery, { state: 'sent', remoteReference: 'R', receiptData: { page: 1 }, dueAt: store.time.at, broughtBack: NOTHING }, WORKS);
    const [asked] = await claim();
    const annex = { uid: 'f'.repeat(32), id: 'signed.pdf', title: 'Signed', typeId: 'annex', relatedTo: 'decision', filename: 'signed.pdf', mediaType: 'application/pdf', size: 3, sha256: 'a'.repeat(64), confidential: false } as const;
    const pending = { state: 'pending', dueAt: store.time.at + HOUR, reason: null, receiptData: { page: 2 }, broughtBack: { fields: { by: 'the mayor' }, annexes: [annex], reviewState: null } } as const;
    expect(await store.deliveries.finish(asked!.delivery, pending, WORKS)).to.deep.equal({ breaker: null });
    expect(await store.deliveries.finish(asked!.delivery, pending, WORKS), 'written already').to.equal(false);
    expect((await deliveriesOf(store, uid))[0]).to.deep.include({ state: 'sent', receiptData: { page: 2 } });
    expect((await store.history.story('default', uid))?.item.annexes.map(({ id }) => id)).to.deep.equal(['signed.pdf']);
    expect((await eventsOf(store, uid)).at(-1)).to.equal('delivery.pending');
    store.time.at += HOUR;
    const [again] = await claim();
    expect(again?.item.annexes).to.have.length(1);
    await store.deliveries.finish(again!.delivery, { state: 'pending', dueAt: store.time.at, reason: null, broughtBack: NOTHING }, WORKS);
    expect(await eventsOf(store, uid), 'nothing new is not written down').to.deep.equal(['delivery.claimed', 'delivery.sent', 'delivery.pending']);
  });
});
