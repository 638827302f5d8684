import { expect } from 'chai';
import fc from 'fast-check';
import { openSlots, slotAfter } from '../../../src/delivery/rate.js';

describe('the rate of a connector', () => {
  it('has no bound without one', () => {
    expect(openSlots(0, null, 1000)).to.equal(Infinity);
  });

  it('one a minute: one now, the next in a minute', () => {
    expect(openSlots(0, 1, 5000)).to.equal(1);
    const next = slotAfter(0, 1, 1, 5000);
    expect(next).to.equal(65_000);
    expect(openSlots(next, 1, 64_999)).to.equal(0);
    expect(openSlots(next, 1, 65_000)).to.equal(1);
  });

  it('never lets more through in any minute than a minute and one second of it', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 6000 }), fc.array(fc.integer({ min: 0, max: 4000 }), { minLength: 1, maxLength: 200 }), (perMinute, pauses) => {
      let now = 1_000_000;
      let next = 0;
      const begun: number[] = [];
      for (const pause of pauses) {
        now += pause;
        const open = openSlots(next, perMinute, now);
        if (open === 0) continue;
        next = slotAfter(next, perMinute, open, now);
        begun.push(...Array.from({ length: open }, () => now));
      }
      const most = perMinute + Math.max(1, Math.floor(perMinute / 60)) + 1;
      for (const [index, first] of begun.entries()) expect(begun.slice(index).filter((at) => at < first + 60_000).length).to.be.at.most(most);
    }));
  });

  it('uses all of it while enough waits', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 600 }), (perMinute) => {
      let next = 0;
      let begun = 0;
      for (let now = 0; now < 600_000; now += 50) {
        const open = openSlots(next, perMinute, now);
        if (open > 0) next = slotAfter(next, perMinute, open, now);
        begun += open;
      }
      expect(begun).to.be.at.least(Math.floor(perMinute * 10 * 0.9));
    }), { numRuns: 30 });
  });

  it('a clock that was set back by hours stops nobody', () => {
    const next = slotAfter(0, 60, 1, 10_000_000);
    expect(openSlots(next, 60, 5_000_000)).to.equal(1);
  });
});
