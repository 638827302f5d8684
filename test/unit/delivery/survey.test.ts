import { expect } from 'chai';
import type { Survey, Tracking } from '../../../src/connector-api/connector.js';
import { NotSent, Refused } from '../../../src/connector-api/failures.js';
import { engineRig, type Script } from '../../support/engine-rig.js';
import { until } from '../../support/fake-time.js';
import { sampleItem } from '../../support/sample-item.js';

const MINUTE = 60_000;
const SENT = { state: 'sent', remoteReference: 'R', markedAt: 1 } as const;

type Ask = Survey<unknown>['ask'];

describe('a survey of what was sent', () => {
  const news = new Set<string>();
  beforeEach(() => { news.clear(); });

  function surveyed(change: { ask?: Ask; track?: () => Promise<Tracking>; atMost?: number } = {}): Script {
    const ask: Ask = (all) => Promise.resolve(new Set(all.map(({ submission }) => submission.key).filter((key) => news.has(key))));
    return { track: change.track ?? (() => Promise.resolve({ state: 'done' })), survey: { atMost: change.atMost ?? 50, ask: change.ask ?? ask } };
  }
  const rigWith = (count: number, script: Script, limits = {}) => {
    const rig = engineRig(script, { limits: { out: limits } });
    return { ...rig, ids: Array.from({ length: count }, () => rig.store.add(sampleItem(), { ...SENT, stateSince: rig.time.now() })) };
  };

  it('of two thousand takes forty calls, in as many slots as the connector has, whatever its rate', async () => {
    let underWay = 0;
    let most = 0;
    const ask: Ask = async () => {
      most = Math.max(most, underWay += 1);
      await Promise.resolve();
      underWay -= 1;
      return new Set();
    };
    const { store, engine, calls, time } = rigWith(2_000, surveyed({ ask }), { concurrency: 3, perMinute: 1 });
    engine.start();
    await until(() => store.outcomes.length === 2_000, 'all asked about');
    expect(calls.filter((call) => call === 'survey 50')).to.have.length(40);
    expect(calls).to.have.length(40);
    expect(most).to.be.within(1, 3);
    expect(store.outcomes.every((outcome) => outcome.state === 'pending' && outcome.dueAt === time.now() + MINUTE)).to.equal(true);
    await engine.stop();
  });

  it('asks by itself about those that have news only, and keeps where the others stand', async () => {
    const { store, engine, calls, ids } = rigWith(3, surveyed());
    const [a, b] = ids as [string, string, string];
    news.add(b);
    engine.start();
    await until(() => store.outcomes.length === 3, 'all asked about');
    await engine.stop();

    expect(calls).to.deep.equal(['survey 3', `track ${b}`]);
    expect(store.row(b).state).to.equal('done');
    expect(store.row(a)).to.include({ state: 'sent', polls: 1, leaseOwner: null });
  });

  it('takes those along that are due within a minute, and asks alone about what is alone or to be taken back', async () => {
    const { store, engine, calls, time } = engineRig({ ...surveyed(), cancel: () => Promise.resolve('cancelled') });
    const due = store.add(sampleItem(), SENT);
    const soon = store.add(sampleItem(), { ...SENT, dueAt: time.now() + MINUTE });
    const later = store.add(sampleItem(), { ...SENT, dueAt: time.now() + MINUTE + 1 });
    const back = store.add(sampleItem(), { ...SENT, cancelRequested: true });
    engine.start();
    await until(() => store.outcomes.length === 3, 'three asked about');
    expect(calls).to.have.members(['survey 2', `cancel ${back}`]);
    expect([due, soon, later, back].map((id) => store.row(id).polls)).to.deep.equal([1, 1, 0, 0]);
    await engine.stop();
  });

  it('that fails leaves all of them sent, says why, and counts once', async () => {
    for (const failure of [new NotSent('down', { retryAfterMs: 5 * MINUTE }), new Refused('no such call'), new Error('a bug')]) {
      const { store, engine, ids, time } = rigWith(20, surveyed({ ask: () => Promise.reject(failure) }));
      engine.start();
      await until(() => store.outcomes.length === 20, 'all asked about');
      await engine.stop();

      expect(ids.map((id) => store.row(id).state)).to.deep.equal(ids.map(() => 'sent'));
      expect(store.row(ids[7]!).reason).to.match(/^Its answer could not be asked for: ./);
      expect(store.connector('out').failures).to.equal(0);
      expect(store.row(ids[7]!).dueAt).to.equal(time.now() + (failure instanceof NotSent ? 5 : 1) * MINUTE);
    }
    const { store, engine } = rigWith(20, surveyed({ ask: () => Promise.reject(new NotSent('down')) }));
    engine.start();
    await until(() => store.outcomes.length === 20, 'all asked about');
    await engine.stop();
    expect(store.connector('out')).to.include({ failures: 1, breaker: 'closed' });
  });

  it('that works again takes back only that it could not be asked', async () => {
    let fails = true;
    const ask: Ask = () => (fails ? Promise.reject(new NotSent('down')) : Promise.resolve(new Set<string>()));
    const { store, engine, time } = engineRig(surveyed({ ask }));
    const asked = store.add(sampleItem(), { ...SENT, reason: 'With the mayor.' });
    store.add(sampleItem(), SENT);
    fails = false;
    engine.start();
    await until(() => store.outcomes.length === 2, 'asked about');
    expect(store.row(asked).reason).to.equal('With the mayor.');
    fails = true;
    await time.advance(5 * MINUTE);
    expect(store.row(asked).reason).to.equal('Its answer could not be asked for: down');
    fails = false;
    await time.advance(30 * MINUTE);
    expect(store.row(asked).reason).to.equal(null);
    await engine.stop();
  });

  it('gives all of them free when the engine stops, also those whose turn to be asked about had not come', async () => {
    let stop: (() => void) | undefined;
    const { store, engine, ids, time } = rigWith(3, surveyed({
      ask: (all) => Promise.resolve(new Set(all.map(({ submission }) => submission.key))),
      track: () => new Promise((_resolve, reject) => { stop = () => reject(new Error('stopped')); }),
    }));
    engine.start();
    await until(() => stop !== undefined, 'one is asked about');
    const stopped = engine.stop();
    await time.advance(10_000);
    stop?.();
    await time.advance(10_000);
    await stopped;
    expect(ids.map((id) => store.row(id))).to.satisfy((rows: { state: string; leaseOwner: string | null }[]) => rows.every(({ state, leaseOwner }) => state === 'sent' && leaseOwner === null));
  });
});
