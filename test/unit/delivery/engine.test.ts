import { expect } from 'chai';
import type { Receipt } from '../../../src/connector-api/connector.js';
import { NotSent, OutcomeUnknown, Refused } from '../../../src/connector-api/failures.js';
import { done, engineRig } from '../../support/engine-rig.js';
import { turns, until } from '../../support/fake-time.js';
import { sampleItem } from '../../support/sample-item.js';

describe('the delivery engine', () => {
  it('delivers what is due at the start and what is woken for later', async () => {
    const { store, engine, calls, time } = engineRig();
    const first = store.add(sampleItem());
    engine.start();
    await until(() => store.row(first).state === 'done', 'first done');
    const second = store.add(sampleItem());
    engine.wake();
    await until(() => store.row(second).state === 'done', 'second done');
    await engine.stop();

    expect(store.row(second)).to.include({ remoteReference: 'R', attempts: 1 });
    expect(calls).to.deep.equal([`submit ${first}`, `submit ${second}`]);
    expect(time.pending()).to.equal(0);
  });

  it('wakes by itself when a retry comes due', async () => {
    let tries = 0;
    const { store, engine, time } = engineRig({ submit: () => (tries++ === 0 ? Promise.reject(new NotSent('down')) : Promise.resolve(done)) });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.outcomes.length === 1, 'first outcome');
    expect(store.row(id)).to.include({ state: 'ready', attempts: 1, reason: 'down' });
    await time.advance(999);
    expect(tries).to.equal(1);
    await time.advance(1);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();
  });

  it('parks what is refused and says so at the level that calls a human', async () => {
    const { store, engine, logger } = engineRig({ submit: () => Promise.reject(new Refused('title too long')) });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.row(id).state === 'parked', 'parked');
    await engine.stop();

    expect(store.row(id).reason).to.equal('title too long');
    expect(logger.lines.filter(({ level }) => level === 'error')).to.have.length(1);
  });

  describe('a marked delivery', () => {
    it('is probed first, and is done when found', async () => {
      const { store, engine, calls } = engineRig({ probe: () => Promise.resolve({ found: done }) });
      const id = store.add(sampleItem(), { markedAt: 1 });
      engine.start();
      await until(() => store.row(id).state === 'done', 'done');
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`]);
    });

    it('is submitted again only after proved absence', async () => {
      const { store, engine, calls } = engineRig({ probe: () => Promise.resolve('absent') });
      const id = store.add(sampleItem(), { markedAt: 1 });
      engine.start();
      await until(() => store.row(id).state === 'done', 'done');
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`, `submit ${id}`]);
    });

    it('is parked when nobody can tell', async () => {
      const { store, engine, calls } = engineRig({ probe: () => Promise.resolve('unknown') });
      const id = store.add(sampleItem(), { markedAt: 1 });
      engine.start();
      await until(() => store.row(id).state === 'parked', 'parked');
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`]);
    });

    it('whose probe fails keeps its mark and is probed again', async () => {
      let probes = 0;
      const { store, engine, calls, time } = engineRig({ probe: () => (probes++ === 0 ? Promise.reject(new NotSent('down')) : Promise.resolve({ found: done })) });
      const id = store.add(sampleItem(), { markedAt: 1 });
      engine.start();
      await until(() => store.outcomes.length === 1, 'first outcome');
      expect(store.row(id)).to.include({ state: 'ready', markedAt: 1 });
      await time.advance(1_000);
      await until(() => store.row(id).state === 'done', 'done');
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`, `probe ${id}`]);
    });

    it('that has used up its attempts is not sent again after proved absence', async () => {
      const { store, engine, calls } = engineRig({ probe: () => Promise.resolve('absent') });
      const id = store.add(sampleItem(), { markedAt: 1, attempts: 5 });
      engine.start();
      await until(() => store.row(id).state === 'parked', 'parked');
      await engine.stop();

      expect(calls).to.deep.equal([`probe ${id}`]);
    });
  });

  it('probes after an unknown outcome even if the connector forgot its mark', async () => {
    const { store, engine, calls, time } = engineRig({ submit: () => Promise.reject(new OutcomeUnknown('no answer')), probe: () => Promise.resolve({ found: done }) });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.outcomes.length === 1, 'first outcome');
    await time.advance(1_000);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();

    expect(calls).to.deep.equal([`submit ${id}`, `probe ${id}`]);
  });

  it('treats an unforeseen error as not sent before the mark and as unknown after it', async () => {
    const { store, engine, logger } = engineRig({ submit: async ({ item }, context) => {
      if (item.title === 'after') await context.markSent();
      throw new TypeError('secret internals');
    } });
    const before = store.add(sampleItem({ title: 'before' }));
    const after = store.add(sampleItem({ title: 'after' }));
    engine.start();
    await until(() => store.outcomes.length === 2, 'both outcomes');
    await engine.stop();

    expect(store.row(before)).to.include({ state: 'ready', markedAt: null });
    expect(store.row(after).markedAt).to.be.a('number');
    expect(store.row(after).reason).to.not.include('secret internals');
    expect(logger.text()).to.include('secret internals');
  });

  it('a crash between the mark and the receipt leads to a probe once the lease is over', async () => {
    const { store, engine, calls, time, authority } = engineRig({ probe: () => Promise.resolve({ found: done }) });
    const id = store.add(sampleItem());
    const [claimed] = await store.claim({ owner: 'the process that died', leaseMs: 60_000, limit: 1, limitsOf: () => authority.connectors[0]!.limits });
    await store.markSent(claimed!.delivery);
    engine.start();
    await time.advance(59_000);
    expect(store.row(id).leaseOwner).to.equal('the process that died');
    await time.advance(1_000);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();

    expect(calls).to.deep.equal([`probe ${id}`]);
  });

  it('renews the lease of a slow delivery, and writes nothing once it is lost', async () => {
    let release: (receipt: Receipt) => void = () => undefined;
    const { store, engine, time } = engineRig({ submit: () => new Promise((resolve) => { release = resolve; }) }, { options: { leaseMs: 3_000 } });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.row(id).state === 'sending', 'sending');
    await time.advance(10_000);
    expect(store.row(id).leaseUntil).to.be.greaterThan(time.now());
    store.markSent = () => Promise.resolve(false);
    store.finish = () => Promise.resolve(false);
    release(done);
    await turns(10);
    await engine.stop();

    expect(store.outcomes).to.deep.equal([]);
  });

  it('refuses the mark to a connector whose lease is lost, so that it does not send', async () => {
    let sent = false;
    const { store, engine, calls } = engineRig({ submit: async (_submission, context) => {
      await context.markSent();
      sent = true;
      return done;
    } });
    store.markSent = () => Promise.resolve(false);
    store.add(sampleItem());
    engine.start();
    await until(() => calls.length === 1, 'the call');
    await turns(10);
    await engine.stop();

    expect(sent).to.equal(false);
    expect(store.outcomes).to.deep.equal([]);
  });

  it('aborts an attempt that takes too long, and refuses its late mark', async () => {
    let lateMark: Promise<void> | undefined;
    const { store, engine, time } = engineRig({ submit: (_submission, context) => {
      context.signal.addEventListener('abort', () => { lateMark = context.markSent(); lateMark.catch(() => undefined); });
      return new Promise<never>(() => undefined);
    } }, { options: { attemptMs: 60_000 } });
    const id = store.add(sampleItem());
    engine.start();
    await until(() => store.row(id).state === 'sending', 'sending');
    await time.advance(65_000);
    await until(() => store.outcomes.length > 0, 'outcome');
    await engine.stop();

    expect(store.row(id)).to.include({ state: 'ready', markedAt: null, reason: 'The attempt took longer than 60 s.' });
    expect(await lateMark?.then(() => 'marked', () => 'refused')).to.equal('refused');
  });

  it('runs no more at once than allowed, and gives way before each claim', async () => {
    let running = 0;
    let most = 0;
    let gaveWay = 0;
    const { store, engine } = engineRig({ submit: async () => {
      running += 1;
      most = Math.max(most, running);
      await turns(3);
      running -= 1;
      return done;
    } }, { options: { concurrency: 2 }, giveWay: async () => { gaveWay += 1; await turns(1); } });
    const ids = Array.from({ length: 9 }, () => store.add(sampleItem()));
    engine.start();
    await until(() => ids.every((id) => store.row(id).state === 'done'), 'all done');
    await engine.stop();

    expect(most).to.equal(2);
    expect(gaveWay).to.be.at.least(5);
  });

  it('outlives a store that is away, and goes on when it is back', async () => {
    const { store, engine, time, logger } = engineRig();
    const id = store.add(sampleItem());
    store.failure = new Error('disk full');
    engine.start();
    await until(() => logger.lines.some(({ message }) => message.includes('cannot reach')), 'the warning');
    store.failure = null;
    await time.advance(5_000);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();
  });

  it('writes an outcome again when the store was away for a moment', async () => {
    const { store, engine, time, calls } = engineRig();
    const finish = store.finish.bind(store);
    let failures = 0;
    store.finish = (...written) => (failures++ < 3 ? Promise.reject(new Error('the database restarts')) : finish(...written));
    const id = store.add(sampleItem());
    engine.start();
    await until(() => failures === 1, 'the failed write');
    await time.advance(2_000);
    expect(store.row(id)).to.include({ state: 'done', attempts: 1 });
    await engine.stop();

    expect(calls).to.deep.equal([`submit ${id}`]);
  });

  it('leaves a delivery whose outcome could not be stored to its lease', async () => {
    const { store, engine, time, calls } = engineRig({ probe: () => Promise.resolve({ found: done }) }, { options: { leaseMs: 60_000, reapEveryMs: 30_000 } });
    const finish = store.finish.bind(store);
    let failures = 0;
    store.finish = (...written) => (failures++ < 7 ? Promise.reject(new Error('disk full')) : finish(...written));
    const id = store.add(sampleItem());
    engine.start();
    await until(() => failures === 1, 'the failed write');
    await time.advance(90_000);
    await until(() => store.row(id).state === 'done', 'done');
    await engine.stop();

    expect(calls).to.deep.equal([`submit ${id}`, `probe ${id}`]);
  });

  describe('stop', () => {
    it('lets a running delivery end and claims no other', async () => {
      let release: (receipt: Receipt) => void = () => undefined;
      const { store, engine } = engineRig({ submit: () => new Promise((resolve) => { release = resolve; }) }, { options: { concurrency: 1 } });
      const first = store.add(sampleItem());
      const second = store.add(sampleItem());
      engine.start();
      await until(() => store.row(first).state === 'sending', 'sending');
      const stopped = engine.stop();
      await turns(3);
      release(done);
      await stopped;

      expect(store.row(first).state).to.equal('done');
      expect(store.row(second).state).to.equal('ready');
    });

    it('aborts what does not end, keeps its mark and gives it back at once', async () => {
      const { store, engine, time } = engineRig({ submit: async (_submission, context) => {
        await context.markSent();
        return new Promise<never>((_resolve, reject) => { context.signal.addEventListener('abort', () => reject(new Error('aborted'))); });
      } }, { options: { drainMs: 10_000 } });
      const id = store.add(sampleItem());
      engine.start();
      await until(() => store.row(id).markedAt !== null, 'the mark');
      const stopped = engine.stop();
      await time.advance(10_000);
      await stopped;

      expect(store.row(id)).to.include({ state: 'ready', attempts: 0 });
      expect(store.row(id).markedAt).to.be.a('number');
      expect(time.pending()).to.equal(0);
    });
  });
});
