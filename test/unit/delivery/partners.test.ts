import { expect } from 'chai';
import type { Probe } from '../../../src/connector-api/connector.js';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import { done, engineRig, sent } from '../../support/engine-rig.js';
import { turns, until } from '../../support/fake-time.js';
import { sampleItem } from '../../support/sample-item.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Where days pass, looking every two seconds would be most of the test. */
const QUIET = { lookEveryMs: 10 * MINUTE, reapEveryMs: HOUR };

describe('partners and their faults', () => {
  it('a wrong password opens the breaker with the first and closes it with the one that works, with one notice each', async () => {
    let wrong = true;
    const { store, engine, time, calls, logger, delivered } = engineRig({ submit: () => (wrong ? Promise.reject(new Misconfigured('wrong password')) : Promise.resolve(done)) }, { limits: { out: { concurrency: 1 } } });
    const ids = [1, 2, 3].map(() => store.add(sampleItem()));
    engine.start();
    await until(() => store.connector('out').breaker === 'open', 'open');
    await time.advance(5 * MINUTE);
    expect(ids.map((id) => store.row(id).attempts)).to.deep.equal([0, 0, 0]);
    expect(calls.length).to.be.within(3, 6);
    expect(new Set(calls).size, 'each canary is another delivery').to.equal(3);
    wrong = false;
    await time.advance(10 * MINUTE);
    expect(ids.map((id) => store.row(id).state)).to.deep.equal(['done', 'done', 'done']);
    await engine.stop();

    expect(delivered.flatMap(({ breaker }) => breaker ?? [])).to.deep.equal(['opened', 'closed']);
    expect(logger.lines.filter(({ level }) => level === 'error')).to.have.length(1);
  });

  it('five failures in a row open the breaker; the failures until then count, those of canaries do not', async () => {
    const { store, engine, time } = engineRig({ submit: () => Promise.reject(new NotSent('refused connection')) }, { limits: { out: { concurrency: 1 } }, options: QUIET });
    const ids = Array.from({ length: 6 }, () => store.add(sampleItem()));
    engine.start();
    await time.advance(DAY);
    await engine.stop();

    expect(ids.reduce((sum, id) => sum + store.row(id).attempts, 0)).to.equal(5);
    expect(ids.map((id) => store.row(id).state)).to.deep.equal(ids.map(() => 'ready'));
    expect(store.connector('out')).to.include({ breaker: 'open', reason: 'refused connection' });
  });

  describe('what an operator found on the other side', () => {
    const found = async (answer: Probe | Error) => {
      const asked: (string | undefined)[] = [];
      const rig = engineRig({
        probe: (submission) => { asked.push(submission.foundAs); return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer); },
        track: (receipt) => Promise.resolve({ state: 'done', results: { fields: { asked: receipt.reference } } }),
      });
      const id = rig.store.add(sampleItem(), { markedAt: 1, foundAs: 'X' });
      rig.engine.start();
      await until(() => ['parked', 'sent'].includes(rig.store.row(id).state), 'probed');
      await rig.time.advance(2 * MINUTE);
      await rig.engine.stop();
      return { row: rig.store.row(id), calls: rig.calls, asked };
    };

    it('is probed under that reference, and then asked about under its own', async () => {
      const { row, calls, asked } = await found({ found: { ...sent, reference: 'flow-X' } });
      expect(asked).to.deep.equal(['X']);
      expect(row).to.include({ state: 'done', remoteReference: 'flow-X', foundAs: null });
      expect(calls).to.deep.equal([`probe ${row.id}`, `track ${row.id}`]);
    });

    it('is never sent: absent, unknown and refused are for a person', async () => {
      for (const answer of ['absent', 'unknown', new Refused('X is another one.')] as const) {
        const { row, calls } = await found(answer);
        expect(row).to.include({ state: 'parked', markedAt: 1, foundAs: 'X' });
        expect(calls).to.deep.equal([`probe ${row.id}`]);
        expect(row.fix).to.include(`relais deliveries settle ${row.id} --reference <its reference there> --awaited`);
      }
    });
  });

  it('a canary without an answer is probed by the next ones, and never sent again blindly', async () => {
    let down = true;
    const { store, engine, time, calls } = engineRig({
      submit: async (_submission, context) => { await context.markSent(); throw new OutcomeUnknown('no answer'); },
      probe: () => (down ? Promise.reject(new NotSent('refused connection')) : Promise.resolve({ found: done })),
    }, { options: QUIET });
    const ids = Array.from({ length: 8 }, () => store.add(sampleItem()));
    engine.start();
    await time.advance(DAY);
    down = false;
    await time.advance(HOUR);
    await engine.stop();

    expect(ids.map((id) => store.row(id).state)).to.deep.equal(ids.map(() => 'done'));
    expect(calls.filter((call) => call.startsWith('submit'))).to.have.length(8);
  });

  it('a week of a dead partner slows nobody, parks nothing, and its 10,000 items then go in order, as fast as they may', async function () {
    this.timeout(60_000);
    let down = true;
    const arrived: { key: string; at: number }[] = [];
    const rig = engineRig(
      { submit: ({ key }, { clock }) => { if (down) return Promise.reject(new NotSent('refused connection')); arrived.push({ key, at: clock.now() }); return Promise.resolve(done); } },
      { others: { other: {} }, limits: { out: { perMinute: 1_200 } }, options: QUIET },
    );
    const { store, engine, time, delivered } = rig;
    const ids = Array.from({ length: 10_000 }, () => store.add(sampleItem(), { orderKey: '' }));
    engine.start();
    for (let day = 0; day < 7; day += 1) {
      const id = store.add(sampleItem(), { connector: 'other' });
      engine.wake();
      await until(() => store.row(id).state === 'done', 'the item for the other partner');
      await time.advance(DAY);
    }
    expect(store.connector('out').breaker).to.equal('open');
    expect(arrived).to.deep.equal([]);
    down = false;
    await time.advance(10 * MINUTE);
    await time.advance(9 * MINUTE);
    await engine.stop();

    expect(ids.every((id) => store.row(id).state === 'done')).to.equal(true);
    expect(arrived.map(({ key }) => key)).to.deep.equal(ids);
    expect(mostInAMinute(arrived.map(({ at }) => at))).to.be.within(1_000, 1_220);
    expect(delivered.flatMap(({ breaker }) => breaker ?? [])).to.deep.equal(['opened', 'closed']);
  });

  it('a poison item parks alone', async () => {
    const { store, engine, time, calls } = engineRig({ submit: ({ item }) => (item.title === 'poison' ? Promise.reject(new TypeError('the connector stumbles')) : Promise.resolve(done)) }, { limits: { out: { concurrency: 2 } } });
    const poison = store.add(sampleItem({ title: 'poison' }));
    const ids = Array.from({ length: 50 }, () => store.add(sampleItem()));
    engine.start();
    await until(() => ids.every((id) => store.row(id).state === 'done'), 'the others');
    await time.advance(5 * MINUTE);
    await engine.stop();

    expect(store.row(poison)).to.include({ state: 'parked', attempts: 5 });
    expect(calls.filter((call) => call === `submit ${poison}`)).to.have.length(5);
    expect(store.connector('out').breaker).to.equal('closed');
  });

  it('a refusal of the connector itself does not pass for a sign of life', async () => {
    const { store, engine, time, delivered } = engineRig({ submit: ({ item }) => Promise.reject(item.title === 'wrong' ? new Refused('not a PDF') : new NotSent('refused connection')) }, { limits: { out: { concurrency: 1 } } });
    Array.from({ length: 6 }, () => store.add(sampleItem()));
    engine.start();
    await until(() => store.connector('out').breaker === 'open', 'open');
    const wrong = store.add(sampleItem({ title: 'wrong' }), { dueAt: 0 });
    await time.advance(HOUR);
    await engine.stop();

    expect(store.row(wrong).state).to.equal('parked');
    expect(delivered.flatMap(({ breaker }) => breaker ?? [])).to.deep.equal(['opened']);
  });

  it('a connector that is held gets nothing until it is released, by whoever', async () => {
    const { store, engine, time, calls } = engineRig();
    store.hold('out', true);
    const id = store.add(sampleItem());
    engine.start();
    await time.advance(HOUR);
    expect(calls).to.deep.equal([]);
    // Another process releases it: nobody wakes this engine.
    store.hold('out', false);
    await time.advance(2_000);
    expect(store.row(id).state).to.equal('done');
    await engine.stop();
  });

  it('one authority that dumps many items does not make another wait', async () => {
    const order: string[] = [];
    const rig = engineRig({ submit: ({ item }) => { order.push(item.title); return turns(1).then(() => done); } }, { others: { other: { submit: ({ item }) => { order.push(item.title); return Promise.resolve(done); } } }, options: { concurrency: 4 } });
    for (let count = 0; count < 500; count += 1) rig.store.add(sampleItem({ title: 'one of many' }));
    rig.engine.start();
    await until(() => order.length >= 20, 'the first ones');
    const before = order.length;
    rig.store.add(sampleItem({ title: 'the only one' }), { connector: 'other' });
    await until(() => order.includes('the only one'), 'the only one');
    await rig.engine.stop();

    expect(order.indexOf('the only one') - before).to.be.below(10);
  });

  it('a clock that jumps back and forth loses nothing and sends nothing twice', async () => {
    let tries = 0;
    const { store, engine, time, calls } = engineRig({
      submit: async (_submission, context) => {
        await context.markSent();
        if (tries++ % 3 === 0) throw new OutcomeUnknown('no answer');
        return sent;
      },
      probe: () => Promise.resolve({ found: sent }),
      track: () => Promise.resolve({ state: 'done' }),
    }, { options: QUIET });
    const ids = Array.from({ length: 30 }, () => store.add(sampleItem()));
    engine.start();
    for (const hours of [3, -2, 30, -31, 1]) {
      await time.advance(MINUTE / 2);
      time.jump(hours * HOUR);
    }
    await time.advance(2 * DAY);
    await engine.stop();

    expect(ids.map((id) => store.row(id).state)).to.deep.equal(ids.map(() => 'done'));
    expect(calls.filter((call) => call.startsWith('submit'))).to.have.length(30);
  });
});

function mostInAMinute(times: readonly number[]): number {
  let [most, first] = [0, 0];
  for (const [last, at] of times.entries()) {
    while (at - (times[first] ?? at) >= MINUTE) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
