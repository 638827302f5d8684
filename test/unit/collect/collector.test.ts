import { expect } from 'chai';
import { createCollector } from '../../../src/collect/collector.js';
import type { CollectStore } from '../../../src/collect/store.js';
import { Misconfigured, NotSent, Refused } from '../../../src/connector-api/failures.js';
import type { ConnectorHealth } from '../../../src/delivery/store.js';
import { fakeTime, until } from '../../support/fake-time.js';
import { memoryIntake } from '../../support/memory-intake.js';
import { collectParts, letter, otherSide, targetOf, type OtherSide } from '../../support/other-side.js';

const MINUTE = 60_000;
const PLATFORM = { authority: 'default', connector: 'platform' };

function rig(there: OtherSide) {
  const time = fakeTime();
  const { parts, logger } = collectParts(time);
  const target = targetOf(there, memoryIntake());
  const ends: ConnectorHealth[] = [];
  const state = { nextAt: 0, held: false, found: [] as string[], breakers: 0, away: false };
  const store: CollectStore = {
    begin(_, everyMs, hurried) {
      if (state.away) return Promise.reject(new Error('no database'));
      if (state.held) return Promise.resolve({ waitMs: null });
      if (!hurried && state.nextAt > time.now()) return Promise.resolve({ waitMs: state.nextAt - time.now() });
      state.nextAt = time.now() + everyMs;
      return Promise.resolve('begun');
    },
    end(_, health, againMs) {
      ends.push(health);
      if (againMs !== null) state.nextAt = time.now() + againMs;
      return Promise.resolve({ breaker: health.verdict === 'misconfigured' ? 'opened' : null });
    },
    itemOf: () => Promise.resolve(null),
  };
  const targets = [target];
  const collector = createCollector({
    ...parts, store: { ...store, takenBefore: () => Promise.resolve([]) }, targets: () => targets, random: () => 1,
    onFound: (_, { key, became }) => { state.found.push(`${key} ${became}`); }, onBreaker: () => { state.breakers += 1; },
  });
  const lists = (): number => there.calls.filter((call) => call === 'list').length;
  return { time, state, ends, logger, collector, targets, lists };
}

describe('the collector', () => {
  it('asks at the start, then at its time, and not in between', async () => {
    const { time, collector, lists, state } = rig(otherSide({ a: letter('A') }));
    collector.start();
    await time.advance(14 * MINUTE);
    expect([lists(), state.found]).to.deep.equal([1, ['a kept']]);
    await time.advance(2 * MINUTE);
    expect(lists()).to.equal(2);
    await collector.stop();
    await time.advance(60 * MINUTE);
    expect([lists(), time.pending()]).to.deep.equal([2, 0]);
  });

  it('asks at once where there is news, and again for what comes while it asks', async () => {
    const there = otherSide();
    const { time, collector, lists } = rig(there);
    collector.start();
    await until(() => lists() === 1, 'the first look');
    there.letters.set('b', letter('B'));
    collector.hurry(PLATFORM);
    collector.hurry(PLATFORM);
    await time.advance(0);
    expect(there.letters.size).to.equal(0);
    await collector.stop();
  });

  it('tries again soon after a failure, then less and less often, and never in a tight loop', async () => {
    const there = otherSide({ a: letter('A') });
    there.failures.set('list', new NotSent('away'));
    const { time, collector, lists, ends } = rig(there);
    collector.start();
    await time.advance(0.5 * MINUTE);
    expect(lists()).to.equal(1);
    await time.advance(60 * MINUTE);
    expect(lists()).to.be.within(5, 8);
    expect(ends.every(({ verdict }) => verdict === 'unreachable')).to.equal(true);
    there.failures.clear();
    await time.advance(16 * MINUTE);
    expect([ends.at(-1), there.letters.size]).to.deep.equal([{ verdict: 'works' }, 0]);
    await collector.stop();
  });

  it('waits as long as the other side asks for', async () => {
    const there = otherSide();
    there.failures.set('list', new NotSent('later', { retryAfterMs: 10 * MINUTE }));
    const { time, collector, lists } = rig(there);
    collector.start();
    await time.advance(9 * MINUTE);
    expect(lists()).to.equal(1);
    await time.advance(2 * MINUTE);
    expect(lists()).to.equal(2);
    await collector.stop();
  });

  it('tells of a breaker that opens, and once of what cannot be taken', async () => {
    const there = otherSide({ a: letter('A') });
    there.failures.set('fetch a', new Refused('it cannot be read'));
    const { time, collector, state, logger } = rig(there);
    collector.start();
    await time.advance(40 * MINUTE);
    expect(state.found).to.deep.equal(['a failed', 'a failed', 'a failed']);
    expect(logger.lines.filter(({ message }) => message.includes('cannot be taken'))).to.have.length(1);
    there.failures.set('list', new Misconfigured('The certificate has expired.'));
    await time.advance(15 * MINUTE);
    expect(state.breakers).to.be.greaterThan(0);
    await collector.stop();
  });

  it('goes on by itself when a hold is released, the store is back, or a reload adds a connector', async () => {
    const { time, collector, state, lists, targets } = rig(otherSide());
    const [target] = targets.splice(0);
    state.held = true;
    collector.start();
    await time.advance(MINUTE);
    targets.push(target!);
    await time.advance(5 * MINUTE);
    expect(lists()).to.equal(0);
    state.held = false;
    state.away = true;
    await time.advance(MINUTE);
    expect(lists()).to.equal(0);
    state.away = false;
    await time.advance(MINUTE);
    expect(lists()).to.equal(1);
    await collector.stop();
  });

  it('ends what runs when it is stopped', async () => {
    const there = otherSide();
    let told = false;
    (there.collect as { list: typeof there.collect.list }).list = (_, context) => new Promise((_resolve, reject) => {
      context.signal.addEventListener('abort', () => { told = true; reject(new Error('stopped')); });
    });
    const { collector, ends, time } = rig(there);
    collector.start();
    await time.advance(0);
    await collector.stop();
    expect([told, ends]).to.deep.equal([true, [{ verdict: 'unaffected' }]]);
    expect(time.pending()).to.equal(0);
  });
});
