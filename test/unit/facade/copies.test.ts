import { expect } from 'chai';
import { fakeTime } from '../../support/fake-time.js';
import { createCopies } from '../../../src/facade/copies.js';
import type { CopyStore } from '../../../src/facade/store.js';

const DAY = 24 * 3_600_000;
const logger = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined, child: () => logger };

/** Nothing is kept but when it is asked to be. */
const never = { after: () => () => undefined };

function store(change: Partial<CopyStore> = {}): CopyStore {
  return { read: () => Promise.resolve(null), write: () => Promise.resolve(), tidy: () => Promise.resolve(), ...change };
}

describe('facade: copies', () => {
  it('memory holds so many bytes and so many copies; the oldest go first', () => {
    const copies = createCopies('town', 'pm', { store: store(), clock: { now: () => 0 }, timer: never, logger });
    const megabyte = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 40; n += 1) copies.put(`large ${n}`, { value: megabyte, at: 0 });
    expect(copies.recent('large 0')).to.equal(undefined);
    expect(copies.recent('large 39')?.value).to.equal(megabyte);
    expect(Array.from({ length: 40 }, (_, n) => copies.recent(`large ${n}`)).filter((one) => one !== undefined).length).to.be.within(25, 32);
    for (let n = 0; n < 6_000; n += 1) copies.put(`small ${n}`, { value: 1, at: 0 });
    expect(copies.recent('small 999')).to.equal(undefined);
    expect(copies.recent('small 1000')).to.not.equal(undefined);
  });

  it('old copies are dropped from the store now and then', async () => {
    const tidied: unknown[] = [];
    const copies = createCopies('town', 'pm', { store: store({ tidy: (...call) => { tidied.push(call); return Promise.resolve(); } }), clock: { now: () => 40 * DAY }, timer: never, logger });
    for (let n = 0; n < 501; n += 1) copies.put(`item ${n}`, { value: n, at: 0 });
    await copies.settled();
    expect(tidied).to.have.length(2);
    expect(tidied[0]).to.deep.equal(['town', 'pm', 'item', { before: 10 * DAY, atMost: 50_000 }]);
  });

  it('what is read together is kept together, soon after', async () => {
    const time = fakeTime(0);
    let writes = 0;
    const copies = createCopies('town', 'pm', { store: store({ write: () => { writes += 1; return Promise.resolve(); } }), clock: time, timer: time, logger });
    for (let n = 0; n < 10; n += 1) copies.put(`item ${n % 5}`, { value: n, at: 0 });
    await time.advance(999);
    expect(writes).to.equal(0);
    await time.advance(1);
    expect(writes).to.equal(5);
    expect(time.pending()).to.equal(0);
  });

  it('that there is nothing is kept only where there was something', async () => {
    const kept = new Map<string, unknown>();
    const copies = createCopies('town', 'pm', {
      store: store({
        read: (_authority, _connector, _kind, key) => Promise.resolve(kept.has(key) ? { value: kept.get(key), at: 0 } : null),
        write: (_authority, _connector, _kind, key, value) => { kept.set(key, value); return Promise.resolve(); },
      }), clock: { now: () => 0 }, timer: never, logger,
    });
    for (const value of [{ title: 'Un' }, 'unknown']) {
      copies.put('item', { value, at: 0 });
      copies.put('nonsense', { value: 'unknown', at: 0 });
      copies.put('search', { value: [], at: 0 });
      await copies.settled();
    }
    expect([...kept]).to.deep.equal([['item', 'unknown']]);
  });

  it('a copy that could not be kept is tried again when it is read again', async () => {
    let writes = 0;
    const copies = createCopies('town', 'pm', { store: store({ write: () => { writes += 1; return writes === 1 ? Promise.reject(new Error('disk full')) : Promise.resolve(); } }), clock: { now: () => 0 }, timer: never, logger });
    for (let times = 0; times < 3; times += 1) {
      copies.put('item', { value: 'same', at: times });
      await copies.settled();
    }
    expect(writes).to.equal(2);
    expect(copies.recent('item')).to.include({ value: 'same', at: 2 });
  });
});
