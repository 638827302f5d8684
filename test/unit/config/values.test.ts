import { expect } from 'chai';
import fc from 'fast-check';
import { closestWord } from '../../../src/config/closest-word.js';
import { daysAfter, momentOf, readWallTime } from '../../../src/config/local-time.js';
import { select } from '../../../src/config/select.js';
import { duration, size } from '../../../src/config/values.js';

describe('sizes and durations', () => {
  const sizes: [string | number, number][] = [[1024, 1024], ['512 MiB', 536_870_912], ['1.5 GiB', 1_610_612_736], ['10kB', 10_000], [' 7 B ', 7]];
  for (const [written, bytes] of sizes) it(`${written} is ${bytes} bytes`, () => expect(size().parse(written)).to.equal(bytes));
  const durations: [string | number, number][] = [[250, 250], ['30 s', 30_000], ['2min', 120_000], ['1 d', 86_400_000]];
  for (const [written, milliseconds] of durations) it(`${written} is ${milliseconds} ms`, () => expect(duration().parse(written)).to.equal(milliseconds));
  for (const written of ['', '512', '512 mib', '1 GiB 2', '-1 MiB', 0, -5, 1.5, NaN, null, true, [], '99999999999 GiB']) {
    it(`${JSON.stringify(written)} is refused`, () => expect(size().safeParse(written).success).to.equal(false));
  }
});

describe('local time', () => {
  it('is turned into the moment, in winter, in summer and around the change', () => {
    const moments: [string, string, string | null][] = [
      ['2027-01-15T12:00', 'Europe/Brussels', '2027-01-15T11:00:00.000Z'],
      ['2027-07-15T12:00', 'Europe/Brussels', '2027-07-15T10:00:00.000Z'],
      ['2027-03-28T01:59', 'Europe/Brussels', '2027-03-28T00:59:00.000Z'],
      ['2027-03-28T02:00', 'Europe/Brussels', null],
      ['2027-03-28T03:00', 'Europe/Brussels', '2027-03-28T01:00:00.000Z'],
      ['2027-10-31T02:30', 'Europe/Brussels', '2027-10-31T00:30:00.000Z'],
      ['2027-10-31T03:00', 'Europe/Brussels', '2027-10-31T02:00:00.000Z'],
      ['2027-01-15T12:00', 'America/Martinique', '2027-01-15T16:00:00.000Z'],
      ['2027-01-15T12:00', 'Pacific/Auckland', '2027-01-14T23:00:00.000Z'],
      ['2027-01-15T12:00', 'UTC', '2027-01-15T12:00:00.000Z'],
    ];
    for (const [wall, zone, expected] of moments) {
      const moment = momentOf(readWallTime(wall)!, zone);
      expect(moment === null ? null : new Date(moment).toISOString(), `${wall} ${zone}`).to.equal(expected);
    }
  });

  it('of a moment comes back as that moment', () => {
    const format = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' });
    fc.assert(fc.property(fc.integer({ min: 28_000_000, max: 34_000_000 }), (minutes) => {
      const wall = readWallTime(format.format(minutes * 60_000));
      const again = momentOf(wall!, 'Europe/Paris');
      // The hour that occurs twice in autumn is taken for its first occurrence.
      expect([minutes * 60_000, (minutes - 60) * 60_000]).to.include(again);
    }));
  });

  it('some days after keeps the hour on the wall, and moves on where the clocks skip it', () => {
    const at = (from: string, days: number, hour: number, minute = 0) => new Date(daysAfter(Date.parse(from), days, { hour, minute }, 'Europe/Brussels')).toISOString();
    expect(at('2027-03-20T12:00Z', 14, 18, 30)).to.equal('2027-04-03T16:30:00.000Z');
    expect(at('2027-03-27T12:00Z', 1, 2, 30)).to.equal('2027-03-28T01:30:00.000Z');
    expect(at('2027-12-31T23:30Z', 0, 0)).to.equal('2027-12-31T23:00:00.000Z');
  });

  for (const text of ['2027-02-30T10:00', '2027-13-01T10:00', '2027-01-01T24:00', '2027-01-01', '2027-1-1T10:00', '2027-01-01T10:00:30', 'soon']) {
    it(`refuses ${text}`, () => expect(readWallTime(text)).to.equal(null));
  }
});

describe('closestWord', () => {
  it('finds what was meant', () => {
    expect(closestWord('urbanisme', ['secretariat', 'urbanism'])).to.equal('urbanism');
    expect(closestWord('prot', ['host', 'port'])).to.equal('port');
    expect(closestWord('TITLE', ['title'])).to.equal('title');
  });

  it('finds nothing far away', () => {
    expect(closestWord('xyzzy', ['title', 'port'])).to.equal(undefined);
    expect(closestWord('a', ['b'])).to.equal(undefined);
    expect(closestWord('', ['ab'])).to.equal(undefined);
  });
});

describe('select', () => {
  it('finds every value that a pattern names, with its path', () => {
    const data = { a: [{ b: ['x', 'y'] }, { b: 'z' }, { c: 1 }, null], m: { k: { b: 1 } } };
    expect(select(data, 'a.*.b.*').map(({ path, value }) => [path.join('/'), value])).to.deep.equal([['a/0/b/0', 'x'], ['a/0/b/1', 'y'], ['a/1/b', 'z']]);
    expect(select(data, 'm.*.b').map(({ path }) => path)).to.deep.equal([['m', 'k', 'b']]);
    expect(select(data, 'nothing.*.here')).to.deep.equal([]);
    expect(select({}, 'constructor.name')).to.deep.equal([]);
  });

  it('never throws, whatever the data', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.constantFrom('', '*', 'a.*', '*.*.*', 'length', '__proto__.x'), (data, pattern) => {
      expect(select(data, pattern)).to.be.an('array');
    }));
  });
});
