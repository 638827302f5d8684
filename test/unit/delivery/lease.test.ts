import { expect } from 'chai';
import type { Receipt } from '../../../src/connector-api/connector.js';
import { done, engineRig } from '../../support/engine-rig.js';
import { until } from '../../support/fake-time.js';
import { sampleItem } from '../../support/sample-item.js';

const MINUTE = 60_000;
const LEASE = { leaseMs: MINUTE, reapEveryMs: 30_000 };

describe('the lease of a delivery', () => {
  it('that cannot be renewed ends the attempt while it is still ours', async () => {
    let endedAt = 0;
    const { store, engine, time } = engineRig({
      submit: async (_submission, context) => {
        await context.markSent();
        return new Promise<Receipt>((_resolve, reject) => {
          context.signal.addEventListener('abort', () => { endedAt = time.now(); reject(new Error('stopped')); });
        });
      },
      probe: () => Promise.resolve({ found: done }),
    }, { options: LEASE });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.row(id).markedAt !== null, 'marked');
    const { leaseUntil } = store.row(id);
    const extendLease = store.extendLease.bind(store);
    store.extendLease = () => Promise.reject(new Error('the network is down'));
    await time.advance(leaseUntil! - time.now() - 1);
    expect(endedAt).to.be.above(0);
    store.extendLease = extendLease;
    await time.advance(MINUTE);
    await engine.stop();

    expect(store.row(id)).to.include({ state: 'done', attempts: 2 });
    expect(store.outcomes[0]).to.include({ state: 'ready', cleared: false });
    expect(time.pending()).to.equal(0);
  });

  it('is renewed for as long as the store answers, however long the attempt takes', async () => {
    let release: (receipt: Receipt) => void = () => undefined;
    const { store, engine, time } = engineRig({ submit: () => new Promise((resolve) => { release = resolve; }) }, { options: LEASE });
    const id = store.add(sampleItem());
    engine.start();
    await time.advance(10 * MINUTE);
    release(done);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();

    expect(store.row(id).attempts).to.equal(1);
    expect(time.pending()).to.equal(0);
  });

  it('that is over, and that nobody has taken yet, gives no mark any more', async () => {
    let sent = 0;
    let goOn: () => void = () => undefined;
    const { store, engine, time } = engineRig({ submit: async (_submission, context) => {
      if (sent === 0) await new Promise<void>((resolve) => { goOn = resolve; });
      await context.markSent();
      sent += 1;
      return done;
    } }, { options: LEASE });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.row(id).state === 'sending', 'sending');
    // as after a pause of the process: its timers have not run yet
    time.jump(2 * MINUTE);
    goOn();
    await time.advance(1);
    expect(store.row(id)).to.include({ state: 'sending', markedAt: null });
    expect(sent).to.equal(0);
    sent = 1;
    await time.advance(MINUTE);
    await engine.stop();

    expect(store.row(id).state).to.equal('done');
    expect(sent).to.equal(2);
  });

  it('that a clock ends too early begins no second attempt beside the first', async () => {
    let underWay = 0;
    let most = 0;
    const counted = async <T>(work: () => Promise<T>): Promise<T> => {
      underWay += 1;
      most = Math.max(most, underWay);
      return work().finally(() => { underWay -= 1; });
    };
    const { store, engine, time, calls } = engineRig({
      submit: (_submission, context) => counted(async () => {
        await context.markSent();
        return new Promise<Receipt>((_resolve, reject) => { context.signal.addEventListener('abort', () => reject(new Error('stopped'))); });
      }),
      probe: () => counted(() => Promise.resolve({ found: done })),
    }, { options: LEASE });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.row(id).markedAt !== null, 'marked');
    await time.advance(25_000);
    time.jump(60 * MINUTE);
    await time.advance(MINUTE);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();

    expect(calls).to.deep.equal([`submit ${id}`, `probe ${id}`]);
    expect(most).to.equal(1);
  });
});
