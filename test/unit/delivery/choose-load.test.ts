import { expect } from 'chai';
import fc from 'fast-check';
import { chooseLoad } from '../../../src/delivery/choose-load.js';
import { waitForLoad } from '../../../src/delivery/load-wait.js';

const MB = 1_000_000;
const NOW = Date.UTC(2027, 2, 1, 9);

describe('chooseLoad', () => {
  it('takes the first ones that fit, and lets nobody overtake', () => {
    const waiting = [60, 30, 20, 5].map((weight) => ({ weight }));
    expect(chooseLoad(waiting, { weight: 100, count: 20, waitMs: 0 })).to.deep.equal({ load: waiting.slice(0, 2), rest: waiting.slice(2) });
    expect(chooseLoad(waiting, { weight: 1_000, count: 3, waitMs: 0 }).load).to.have.length(3);
    expect(chooseLoad([], { weight: 1, count: 1, waitMs: 0 })).to.deep.equal({ load: [], rest: [] });
  });

  it('never takes more than a load may, and in the end has taken everything in its order', () => {
    const limits = fc.record({ weight: fc.integer({ min: 1, max: 1_000 }), count: fc.integer({ min: 1, max: 20 }), waitMs: fc.constant(0) });
    const load = limits.chain((its) => fc.record({ limits: fc.constant(its), weights: fc.array(fc.integer({ min: 0, max: its.weight }), { maxLength: 60 }) }));
    fc.assert(fc.property(load, ({ limits: its, weights }) => {
      let waiting: readonly { weight: number; order: number }[] = weights.map((weight, order) => ({ weight, order }));
      const left: number[] = [];
      while (waiting.length > 0) {
        const { load: leaving, rest } = chooseLoad(waiting, its);
        expect(leaving.length).to.be.within(1, its.count);
        expect(leaving.reduce((sum, { weight }) => sum + weight, 0)).to.be.at.most(its.weight);
        // it is full: the next one does not fit
        if (rest.length > 0 && leaving.length < its.count) expect(leaving.reduce((sum, { weight }) => sum + weight, rest[0]!.weight)).to.be.above(its.weight);
        left.push(...leaving.map(({ order }) => order));
        waiting = rest;
      }
      expect(left).to.deep.equal(weights.map((_, order) => order));
    }));
  });
});

describe('waitForLoad', () => {
  const limits = { weight: 200 * MB, count: 20, waitMs: 4 * 3_600_000 };

  it('waits as long as the first of the load may, and says for what', () => {
    expect(waitForLoad({ limits }, { count: 3, weight: 12 * MB, since: NOW - 3_600_000 }, NOW)).to.deep.equal({
      dueAt: NOW + 3 * 3_600_000, reason: 'Waits for a load: 3 of 20, 12 MB of 200 MB, leaves at 2027-03-01 12:00 UTC at the latest.',
    });
  });

  it('waits no longer when the load is full, would be too heavy, or its time is over', () => {
    for (const totals of [{ count: 20, weight: 0, since: NOW }, { count: 1, weight: 200 * MB, since: NOW }, { count: 2, weight: 201 * MB, since: NOW }, { count: 1, weight: 0, since: NOW - limits.waitMs - 5 }]) {
      expect(waitForLoad({ limits }, totals, NOW).dueAt, JSON.stringify(totals)).to.equal(NOW);
    }
  });
});
