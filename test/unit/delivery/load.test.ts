import { expect } from 'chai';
import type { Gathering, Receipt, Submission, Together } from '../../../src/connector-api/connector.js';
import { Misconfigured, NotSent, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import type { StepRules } from '../../../src/delivery/prepare.js';
import { engineRig, plainRules, type RigOptions, type Script } from '../../support/engine-rig.js';
import { until } from '../../support/fake-time.js';
import { sampleItem } from '../../support/sample-item.js';

const HOUR = 3_600_000;
const LIMITS = { weight: 100, count: 3, waitMs: HOUR };

type Submit = Together<unknown>['submit'];

const receiptOf = ({ key }: Submission): Receipt => ({ reference: `R ${key}`, state: 'sent' });
const takes: Submit = async (load, _settings, context) => {
  await context.markSent();
  return load.map(receiptOf);
};

/** Weight and group are written in the title: `10 night`. */
function gather({ item: { title } }: Submission, limits: Gathering['limits'] = LIMITS): Gathering {
  const [weight, group = 'day'] = title.split(' ');
  return { group, weight: Number(weight), limits };
}

describe('submissions that travel together', () => {
  function rig({ submit = takes, limits = () => LIMITS, ...script }: Omit<Script, 'submit'> & { submit?: Submit; limits?: () => Gathering['limits'] } = {}, options: RigOptions = {}) {
    const made = engineRig({ track: () => Promise.resolve({ state: 'pending' }), ...script, together: { gather: (submission) => gather(submission, limits()), submit } }, options);
    const add = (...titles: string[]) => titles.map((title) => made.store.add(sampleItem({ title })));
    const states = (ids: readonly string[]) => ids.map((id) => made.store.row(id).state);
    return { ...made, add, states };
  }

  it('wait for one another, say for what, count no attempt, and leave when the time of the first has come', async () => {
    const { engine, store, calls, time, add } = rig();
    const [first] = add('10') as [string];
    engine.start();
    await until(() => store.outcomes.length === 1, 'gathered');
    await time.advance(HOUR / 2);
    const [second] = add('12') as [string];
    engine.wake();
    await until(() => store.outcomes.length === 2, 'gathered');
    expect(store.row(second)).to.include({ state: 'ready', attempts: 0, markedAt: null, dueAt: time.now() + HOUR / 2 });
    expect(store.row(second).reason).to.match(/^Waits for a load: 2 of 3, 0\.0 MB of 0\.0 MB, leaves at 2027-03-01 10:00 UTC/);
    await time.advance(HOUR / 2 - 1);
    expect(calls).to.deep.equal([]);
    await time.advance(1);
    expect(calls).to.deep.equal([`load ${first} ${second}`]);
    expect(store.row(second)).to.include({ state: 'sent', attempts: 1, remoteReference: `R ${second}`, reason: null });
    await engine.stop();
  });

  it('leave at once when they are many or heavy enough; what would be too heavy goes with the next ones', async () => {
    const { engine, store, calls, add, states } = rig();
    const many = add('1 many', '2 many', '3 many');
    const heavy = add('60 heavy', '30 heavy', '20 heavy');
    engine.start();
    await until(() => store.outcomes.filter(({ state }) => state === 'sent').length === 5, 'two loads have left');
    expect(calls).to.have.members([`load ${many.join(' ')}`, `load ${heavy.slice(0, 2).join(' ')}`]);
    expect(states(heavy)).to.deep.equal(['sent', 'sent', 'ready']);
    await engine.stop();
  });

  it('never make a load too heavy or too long, and all leave, in the order in which they came', async () => {
    const { engine, store, calls, time, add, states } = rig();
    const weights = Array.from({ length: 100 }, (_, n) => (n * 37) % 90 + 1);
    const ids = add(...weights.map(String));
    engine.start();
    await time.advance(2 * HOUR);
    expect(new Set(states(ids))).to.deep.equal(new Set(['sent']));
    const loads = calls.filter((call) => call.startsWith('load')).map((call) => call.split(' ').slice(1));
    for (const load of loads) {
      expect(load.length).to.be.at.most(3);
      expect(load.reduce((sum, id) => sum + weights[ids.indexOf(id)]!, 0)).to.be.at.most(100);
      expect(load.map((id) => ids.indexOf(id))).to.deep.equal(load.map((id) => ids.indexOf(id)).toSorted((a, b) => a - b));
    }
    expect(loads.flat()).to.have.length(100);
    expect(store.outcomes.filter(({ state }) => state === 'parked')).to.deep.equal([]);
    await engine.stop();
  });

  it('count as one in the limits of their connector, and gathering is not counted', async () => {
    let underWay = 0;
    let most = 0;
    const { engine, store, calls, time, add, states } = rig({ submit: async (load, settings, context) => {
      most = Math.max(most, underWay += 1);
      const receipts = await takes(load, settings, context);
      underWay -= 1;
      return receipts;
    } }, { limits: { out: { concurrency: 1, perMinute: 2 } } });
    const ids = add(...Array.from({ length: 9 }, () => '1'));
    engine.start();
    await until(() => store.outcomes.filter(({ state }) => state === 'gathered').length >= 9, 'all gathered');
    const loads = () => calls.filter((call) => call.startsWith('load')).length;
    await time.advance(1_000);
    expect(loads()).to.equal(1);
    await time.advance(59_000);
    expect(loads()).to.equal(3);
    expect(states(ids).filter((state) => state === 'sent')).to.have.length(9);
    expect(most).to.equal(1);
    await engine.stop();
  });

  it('fail together, and are tried again together', async () => {
    let fails = true;
    const { engine, store, calls, time, add, states } = rig({ submit: async (load, settings, context) => {
      const receipts = await takes(load, settings, context);
      if (fails) throw new NotSent('down');
      return receipts;
    } });
    const ids = add('1', '2', '3');
    engine.start();
    await until(() => store.outcomes.filter(({ state }) => state === 'ready').length === 3, 'failed');
    expect(store.row(ids[1]!)).to.include({ state: 'ready', attempts: 1, markedAt: null, reason: 'down' });
    expect(store.connector('out').failures, 'one call, one failure').to.equal(1);
    fails = false;
    const [late] = add('4') as [string];
    engine.wake();
    await time.advance(1_000);
    expect(calls).to.deep.equal([`load ${ids.join(' ')}`, `load ${ids.join(' ')}`]);
    expect(states([...ids, late])).to.deep.equal(['sent', 'sent', 'sent', 'ready']);
    await engine.stop();
  });

  it('are parked, each with the reason, when the load is refused; wait without burning attempts when it is misconfigured', async () => {
    const refused = rig({ submit: () => Promise.reject(new Refused('no such signer')) });
    const ids = refused.add('1', '2', '3');
    refused.engine.start();
    await until(() => refused.store.outcomes.filter(({ state }) => state === 'parked').length === 3, 'parked');
    expect(ids.map((id) => refused.store.row(id).reason)).to.deep.equal(ids.map(() => 'no such signer'));
    await refused.engine.stop();

    const wrong = rig({ submit: () => Promise.reject(new Misconfigured('password')) });
    const others = wrong.add('1', '2', '3');
    wrong.engine.start();
    await until(() => wrong.store.connector('out').breaker === 'open', 'open');
    await wrong.engine.stop();
    expect(wrong.store.row(others[0]!)).to.include({ state: 'ready', attempts: 0 });
  });

  it('without an answer are probed one by one: found, or gathered again', async () => {
    const { engine, store, calls, time, add, states } = rig({
      submit: async (load, _settings, context) => {
        await context.markSent();
        if (load.length > 1) throw new OutcomeUnknown('no answer');
        return load.map(receiptOf);
      },
      probe: (submission) => Promise.resolve(submission.item.title === '2' ? 'absent' : { found: receiptOf(submission) }),
    });
    const ids = add('1', '2', '3');
    engine.start();
    await until(() => store.outcomes.filter(({ state }) => state === 'ready').length === 3, 'no answer');
    expect(ids.every((id) => store.row(id).markedAt !== null)).to.equal(true);
    await time.advance(1_000);
    expect(calls.slice(1)).to.have.members(ids.map((id) => `probe ${id}`));
    expect(states(ids)).to.deep.equal(['sent', 'ready', 'sent']);
    expect(store.row(ids[1]!)).to.include({ markedAt: null, dueAt: time.now() + HOUR });
    await time.advance(HOUR);
    expect(calls).to.include(`load ${ids[1]}`);
    expect(states(ids)).to.deep.equal(['sent', 'sent', 'sent']);
    await engine.stop();
  });

  it('whose process ends between the mark and the receipts are probed, each, and never handed over again', async () => {
    const there = new Set<string>();
    const { engine, store, calls, time, add, states } = rig({
      submit: async (load, _settings, context) => {
        await context.markSent();
        for (const { key } of load) there.add(key);
        store.failure = new Error('the process died');
        return load.map(receiptOf);
      },
      probe: (submission) => Promise.resolve(there.has(submission.key) ? { found: receiptOf(submission) } : 'absent'),
    }, { options: { leaseMs: 60_000, reapEveryMs: 30_000 } });
    const ids = add('1', '2', '3');
    engine.start();
    await until(() => store.failure !== null, 'died');
    await time.advance(30_000);
    store.failure = null;
    await time.advance(5 * 60_000);
    expect(states(ids)).to.deep.equal(['sent', 'sent', 'sent']);
    expect(calls.filter((call) => call.startsWith('load'))).to.have.length(1);
    expect(calls.filter((call) => call.startsWith('probe'))).to.have.length(3);
    await engine.stop();
  });

  it('are not handed over at all when the lease of one is lost before the mark; the others go without it', async () => {
    const { engine, store, calls, add, states } = rig({ submit: (load, settings, context) => {
      if (load.length === 3) store.takeOver(load[1]!.key);
      return takes(load, settings, context);
    } });
    const ids = add('1', '2', '3');
    engine.start();
    await until(() => calls.length === 2, 'tried again');
    await until(() => states(ids).filter((state) => state === 'sent').length === 2, 'sent');
    await engine.stop();
    expect(calls).to.deep.equal([`load ${ids.join(' ')}`, `load ${ids[0]} ${ids[2]}`]);
    expect(store.row(ids[1]!)).to.include({ state: 'sending', leaseOwner: 'another', markedAt: null });
    expect(store.row(ids[0]!).attempts).to.equal(1);
  });

  it('leave without what cannot be made of its item any more, what its flow gave up, or what goes another way now', async () => {
    const rules: StepRules = { ...plainRules, mapFields: ({ item }) => Promise.resolve(store.outcomes.length > 3 && item.title === '2' ? { problem: 'unknown service', fix: null } : { fields: {}, warnings: [] }) };
    const { engine, store, calls, time, add, states } = rig({ limits: () => ({ ...LIMITS, count: 9 }) }, { rules });
    const ids = add('1', '2', '3', '4');
    engine.start();
    await until(() => store.outcomes.length === 4, 'gathered');
    store.requestCancel(ids[3]!);
    await time.advance(HOUR);
    expect(calls[0]).to.equal(`load ${ids[0]} ${ids[2]} ${ids[3]}`);
    expect(states(ids)).to.deep.equal(['sent', 'parked', 'sent', 'sent']);
    await engine.stop();
  });

  it('leave with the limits of the day on which they leave, and at once when an operator asks for one', async () => {
    let limits = { ...LIMITS, count: 9 };
    const { engine, store, calls, time, add } = rig({ limits: () => limits });
    const ids = add('1', '2', '3');
    engine.start();
    await until(() => store.outcomes.length === 3, 'gathered');
    limits = { ...LIMITS, count: 2 };
    store.hurry(ids[2]!);
    engine.wake();
    await until(() => calls.length === 1, 'left');
    expect(calls).to.deep.equal([`load ${ids[0]} ${ids[1]}`]);
    await time.advance(HOUR);
    expect(calls.filter((call) => call.startsWith('load'))[1]).to.equal(`load ${ids[2]}`);
    await engine.stop();
  });

  it('that fit no load are parked, whatever the connector says', async () => {
    const { engine, store, add, states } = rig();
    const ids = add('101', 'NaN');
    engine.start();
    await until(() => store.outcomes.length >= 2, 'refused');
    await engine.stop();
    expect(states(ids)).to.deep.equal(['parked', 'ready']);
    expect(store.row(ids[0]!).reason).to.equal('It weighs 101 bytes, and a load no more than 100.');
  });
});
