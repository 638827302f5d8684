import { expect } from 'chai';
import fc from 'fast-check';
import { backoff } from '../../../src/delivery/backoff.js';

describe('backoff', () => {
  const policy = { firstDelayMs: 1_000, factor: 3, maxDelayMs: 20_000 };

  it('grows by the factor up to the cap', () => {
    const longest = [1, 2, 3, 4, 5].map((failures) => backoff(policy, failures, () => 1));

    expect(longest).to.deep.equal([1_000, 3_000, 9_000, 20_000, 20_000]);
  });

  it('keeps at least half of the delay whatever the jitter', () => {
    expect(backoff(policy, 2, () => 0)).to.equal(1_500);
  });

  it('stays between nothing and the cap for every policy and any number of failures', () => {
    fc.assert(fc.property(
      fc.nat(1e7), fc.double({ min: 1, max: 100, noNaN: true }), fc.nat(1e9), fc.nat(1e6), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (firstDelayMs, factor, maxDelayMs, failures, random) => {
        const delay = backoff({ firstDelayMs, factor, maxDelayMs }, failures, () => random);
        return Number.isInteger(delay) && delay >= 0 && delay <= maxDelayMs;
      },
    ));
  });
});
