import { expect } from 'chai';
import type { ClaimedDelivery, DeliveryStore } from '../../../src/delivery/store.js';
import { createBossDeliveryStore } from '../../../src/persistence/boss-delivery-store.js';
import { claimBy } from '../../support/temp-store.js';

/** A ledger with so much that is due, and a queue with so many permits. */
function parts(due: number, permits: number) {
  const state = { due, permits, asked: [] as number[], givenBack: 0, now: 0 };
  const claimed = {} as ClaimedDelivery;
  const ledger = {
    claim: ({ limit }: { readonly limit: number }) => {
      state.asked.push(limit);
      const got = Math.min(limit, state.due);
      state.due -= got;
      return Promise.resolve(Array.from({ length: got }, () => claimed));
    },
    finish: () => Promise.resolve({ breaker: null }),
  } as unknown as DeliveryStore;
  const queue = {
    take: (limit: number) => {
      const taken = Math.min(limit, state.permits);
      state.permits -= taken;
      return Promise.resolve(Array.from({ length: taken }, String));
    },
    giveBack: (taken: readonly string[]) => { state.givenBack += taken.length; return Promise.resolve(); },
  };
  const store = createBossDeliveryStore(ledger, queue, { now: () => state.now });
  const claim = async (limit = 16) => (await store.claim(claimBy('one', { limit }))).length;
  const end = () => store.finish(undefined as never, undefined as never, undefined as never);
  return { state, store, claim, end };
}

describe('claiming with permits', () => {
  it('looks without one at the start, and then every two seconds', async () => {
    const { state, claim } = parts(3, 0);
    expect(await claim()).to.equal(3);
    state.due = 5;
    expect(await claim(), 'nobody said so').to.equal(0);
    expect(state.asked).to.deep.equal([16]);
    state.now += 2000;
    expect(await claim(), 'a lost permit delays by no more').to.equal(5);
  });

  it('claims as many as it has permits, and gives them back', async () => {
    const { state, claim } = parts(0, 0);
    await claim();
    Object.assign(state, { due: 9, permits: 4 });
    expect(await claim()).to.equal(4);
    expect(await claim()).to.equal(0);
    expect(state.givenBack).to.equal(4);
    expect(state.asked).to.deep.equal([16, 4]);
  });

  it('goes on without permits while there is more than it can take, and one for one after that', async () => {
    const { state, claim, end } = parts(40, 0);
    expect([await claim(16), await claim(16)]).to.deep.equal([16, 16]);
    expect(await claim(16)).to.equal(8);
    state.due = 6;
    expect(await claim(16)).to.equal(0);
    await end();
    await end();
    expect(await claim(16), 'two places became free').to.equal(2);
    expect(await claim(16)).to.equal(0);
  });

  it('a permit for nothing is used up', async () => {
    const { state, claim } = parts(0, 3);
    expect(await claim()).to.equal(0);
    expect(state).to.include({ permits: 0, givenBack: 3 });
  });

  it('asks for permits twice a second', async () => {
    const { state, store } = parts(0, 0);
    state.now = 7000;
    expect(await store.nextDueAt(() => null)).to.equal(7500);
  });
});
