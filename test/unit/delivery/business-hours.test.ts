import { expect } from 'chai';
import fc from 'fast-check';
import { isOpen, nextOpening } from '../../../src/delivery/business-hours.js';
import type { BusinessHours } from '../../../src/domain/flow.js';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const office: BusinessHours = { timeZone: 'Europe/Brussels', days: [1, 2, 3, 4, 5], from: 8 * 60 + 30, to: 17 * 60, holidays: [] };

function next(hours: BusinessHours, at: string): string | null {
  const opening = nextOpening(hours, Date.parse(at));
  return opening === null ? null : new Date(opening).toISOString();
}

describe('business hours', () => {
  it('answers the moment itself while they last, the end being closed', () => {
    expect(next(office, '2027-03-01T07:30:00Z')).to.equal('2027-03-01T07:30:00.000Z');
    expect(next(office, '2027-03-01T15:59:59.999Z')).to.equal('2027-03-01T15:59:59.999Z');
    expect(next(office, '2027-03-01T16:00:00Z')).to.equal('2027-03-02T07:30:00.000Z');
  });

  it('goes over nights, weekends and holidays', () => {
    expect(next(office, '2027-03-01T01:00:00Z')).to.equal('2027-03-01T07:30:00.000Z');
    expect(next(office, '2027-03-05T18:00:00Z')).to.equal('2027-03-08T07:30:00.000Z');
    expect(next({ ...office, holidays: ['2027-03-08', '2027-03-09'] }, '2027-03-05T18:00:00Z')).to.equal('2027-03-10T07:30:00.000Z');
  });

  it('takes the holiday of the place, not of Greenwich', () => {
    const auckland = { ...office, timeZone: 'Pacific/Auckland', holidays: ['2027-03-02'] };

    // Tuesday 2 March there, still Monday in Greenwich.
    expect(next(auckland, '2027-03-01T20:00:00Z')).to.equal('2027-03-02T19:30:00.000Z');
  });

  it('follows the clocks in spring and autumn', () => {
    expect(next(office, '2027-03-27T12:00:00Z')).to.equal('2027-03-29T06:30:00.000Z');
    expect(next(office, '2027-10-30T12:00:00Z')).to.equal('2027-11-01T07:30:00.000Z');
  });

  it('opens when the clocks jump over its first minute', () => {
    expect(next({ ...office, days: [7], from: 150, to: 300 }, '2027-03-27T12:00:00Z')).to.equal('2027-03-28T01:00:00.000Z');
  });

  it('opens again when the clocks are put back into the hours', () => {
    const night = { ...office, days: [7], from: 90, to: 150 };

    expect(next(night, '2027-10-31T00:40:00Z')).to.equal('2027-10-31T01:00:00.000Z');
    expect(next(night, '2027-10-31T01:30:00Z')).to.equal('2027-11-07T00:30:00.000Z');
  });

  it('never opens without a day', () => {
    expect(next({ ...office, days: [] }, '2027-03-01T12:00:00Z')).to.equal(null);
  });

  describe('for any hours, zone and moment', () => {
    const zone = fc.constantFrom('Europe/Brussels', 'America/Sao_Paulo', 'America/Havana', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca', 'UTC');
    const times = fc.tuple(fc.nat(1439), fc.integer({ min: 1, max: 1440 })).filter(([from, to]) => from < to);
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    const hours = fc.record({ timeZone: zone, days, times, holidays: fc.uniqueArray(fc.constantFrom('2026-10-25', '2026-10-26', '2027-03-14', '2027-03-28', '2027-04-04'), { maxLength: 3 }) })
      .map(({ timeZone, days: open, times: [from, to], holidays }) => ({ timeZone, days: open, from, to, holidays }));
    const changes = ['2026-10-25', '2026-11-01', '2027-03-14', '2027-03-28', '2027-04-04', '2011-12-30', '2018-11-04'].map((date) => Date.parse(`${date}T12:00:00Z`));
    const moment = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -3 * DAY, max: 3 * DAY })).map(([near, off]) => near + off);

    it('it is open then, and at no minute in between', () => {
      fc.assert(fc.property(hours, moment, (open, at) => {
        const opening = nextOpening(open, at);
        if (opening === null) throw new Error('it opens every week');
        expect(isOpen(open, opening)).to.equal(true);
        expect(opening).to.be.at.least(at);
        if (opening === at) return;
        expect(isOpen(open, opening - MINUTE) && opening - MINUTE >= at).to.equal(false);
        // A sample of the minutes in between: all of them for a day, the rest by the quarter of an hour.
        for (let minute = at; minute < opening; minute += minute - at < DAY ? MINUTE : 15 * MINUTE) expect(isOpen(open, minute)).to.equal(false);
      }), { numRuns: 150 });
    });
  });
});
