import { expect } from 'chai';
import fc from 'fast-check';
import { pollInterval } from '../../../src/delivery/poll-interval.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('pollInterval', () => {
  it('widens with the age from a minute to two hours', () => {
    const ages = [0, 9 * MINUTE, 10 * MINUTE, HOUR, 3 * HOUR, 25 * HOUR, 1_000 * HOUR];

    expect(ages.map((age) => pollInterval(age) / MINUTE)).to.deep.equal([1, 1, 5, 5, 30, 120, 120]);
  });

  it('lets what the remote asks for come first', () => {
    expect(pollInterval(0, 3 * HOUR)).to.equal(3 * HOUR);
    expect(pollInterval(100 * HOUR, 5_000)).to.equal(5_000);
  });

  it('is between a second and a week, whatever is asked', () => {
    fc.assert(fc.property(fc.double(), fc.option(fc.double(), { nil: undefined }), (age, asked) => {
      expect(pollInterval(age, asked)).to.be.within(1_000, 7 * 24 * HOUR);
    }));
  });
});
