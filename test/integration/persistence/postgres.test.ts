import { expect } from 'chai';
import fc from 'fast-check';
import { setTimeout as pause } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';
import type { ConnectorLimits } from '../../../src/domain/authority.js';
import { RelaisError } from '../../../src/errors.js';
import type { Engine } from '../../../src/persistence/engine.js';
import { openEngine } from '../../../src/persistence/open-engine.js';
import { openStore, openStoreBeside, openStoreReader } from '../../../src/persistence/open-store.js';
import type { Store } from '../../../src/persistence/open-store.js';
import { openDoor } from '../../../src/persistence/transaction-door.js';
import { freshDatabase, startServerAgain, stopServer } from '../../support/embedded-postgres.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { acceptDeliveries, acceptItems, claimBy, flowOf, newDelivery, newItem, rejection } from '../../support/temp-store.js';

const START = Date.UTC(2027, 2, 1, 9);
const DONE = { state: 'done', remoteReference: 'R', broughtBack: { fields: {}, annexes: [], reviewState: null } } as const;

describe('several processes on one PostgreSQL', () => {
  let url: string;
  let time: { at: number };
  let closing: (() => Promise<void>)[];
  beforeEach(async () => {
    const database = await freshDatabase();
    url = database.url;
    time = { at: START };
    closing = [database.drop];
  });
  afterEach(async () => { for (const close of closing) await close(); });

  const settings = (change: { readonly url?: string; readonly realTime?: boolean } = {}) => {
    const clock = change.realTime === true ? { now: () => Date.now() } : { now: () => time.at };
    return { engine: { kind: 'postgres', url: change.url ?? url, poolSize: 4, ...(change.realTime === true ? {} : { clock }) }, clock, logger: recordingLogger() } as const;
  };
  async function node(change: { readonly realTime?: boolean } = {}): Promise<Store> {
    const store = await openStore(settings(change));
    closing.unshift(() => store.close());
    return store;
  }
  const temp = (store: Store) => ({ ...store, folder: '', time });
  const accept = (store: Store, ...ids: string[]) => Promise.all(ids.map((id) => acceptDeliveries(temp(store), {}, [newDelivery(id)])));

  it('start together on an empty database', async () => {
    const nodes = await Promise.all([node(), node(), node({ realTime: true }), node({ realTime: true })]);
    await Promise.all(nodes.map((store) => acceptItems(store, {}, {})));
    expect(await nodes[0].history.latest('default', 10)).to.have.length(8);
  });

  it('write into one journal without a gap', async () => {
    const nodes = await Promise.all([node(), node(), node()]);
    await Promise.all(Array.from({ length: 90 }, async (_, n) => {
      const authority = n % 4 === 0 ? 'other' : 'default';
      const entry = (event: string) => ({ at: n, actor: 'a', item: `i${n}`, event, data: {} });
      await nodes[n % 3]!.intake.accept({ item: newItem({ authority }), history: [], flow: null, deliveries: [], journal: [entry('first'), entry('second')] });
    }));
    const checks = await Promise.all(['default', 'other'].map((authority) => nodes[0].verifyJournal(authority)));
    expect(checks.map(({ entries, brokenAt }) => [entries, brokenAt])).to.deep.equal([[134, null], [46, null]]);
    const events = (await nodes[1].journal.entries('default', 0, 500)).filter(({ item }) => item === 'i7').map(({ event }) => event);
    expect(events, 'what one work wrote stays in its order').to.deep.equal(['first', 'second']);
  });

  it('never claim the same, nor more of a connector than it may be used, nor out of order', async () => {
    const nodes = await Promise.all([node(), node(), node()]);
    let run = 0;
    await fc.assert(fc.asyncProperty(
      fc.record({ concurrency: fc.integer({ min: 1, max: 12 }), limits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 9 }), keys: fc.array(fc.constantFrom(null, 'k1', 'k2'), { minLength: 5, maxLength: 30 }) }),
      async ({ concurrency, limits, keys }) => {
        run += 1;
        const connector = `folder-${run}`;
        await acceptDeliveries(temp(nodes[0]), {}, keys.map((orderKey, n) => newDelivery(`r${run}-${n}`, { connector, orderKey, step: `s${n}`, flow: `f${run}` })));
        const limit: ConnectorLimits = { concurrency, perMinute: null, order: 'source' };
        const limitsOf = (_: string, asked: string) => (asked === connector ? limit : null);
        const seen: string[] = [];
        for (let round = 0; seen.length < keys.length; round += 1) {
          expect(round, 'everything is claimed in the end').to.be.lessThan(200);
          const shares = await Promise.all(limits.map((count, index) => nodes[index % 3]!.deliveries.claim(claimBy(`w${index}`, { limit: count, limitsOf }))));
          const claimed = shares.flat();
          expect(claimed.length).to.be.at.most(concurrency);
          for (const key of ['k1', 'k2']) expect(claimed.filter(({ delivery }) => delivery.orderKey === key).length).to.be.at.most(1);
          seen.push(...claimed.map(({ delivery }) => delivery.id));
          await Promise.all(shares.flatMap((share, index) => share.map(({ delivery }) => nodes[(index + 1) % 3]!.deliveries.finish(delivery, DONE, { verdict: 'works' }))));
        }
        expect(new Set(seen).size).to.equal(keys.length);
      },
    ), { numRuns: 6 });
  });

  it('an owner that was frozen past its lease writes nothing more', async () => {
    const [frozen, other] = [await node(), await node()];
    const [item] = await accept(frozen, 'd');
    const [lost] = await frozen.deliveries.claim(claimBy('frozen', { leaseMs: 30_000 }));
    await frozen.deliveries.markSent(lost!.delivery);
    time.at += 31_000;
    const reaped = await Promise.all([other.deliveries.reap(), frozen.deliveries.reap()]);
    expect(reaped.toSorted()).to.deep.equal([0, 1]);
    const [taken] = await other.deliveries.claim(claimBy('other'));
    expect(taken?.delivery.markedAt).to.equal(START);
    expect(await frozen.deliveries.finish(lost!.delivery, DONE, { verdict: 'works' })).to.equal(false);
    expect(await frozen.deliveries.markSent(lost!.delivery)).to.equal(false);
    expect(await other.deliveries.finish(taken!.delivery, DONE, { verdict: 'works' })).to.not.equal(false);
    expect((await other.history.story('default', item!.uid))?.deliveries).to.have.nested.property('[0].state', 'done');
  });

  it('two steps of an item that end at once, on two nodes, both count', async () => {
    const nodes = [await node(), await node()] as const;
    for (let round = 0; round < 10; round += 1) {
      const deliveries = [newDelivery(`a${round}`, { step: 'a' }), newDelivery(`b${round}`, { step: 'b', position: 1 }), newDelivery(`c${round}`, { step: 'c', position: 2, state: 'waiting' })];
      const item = await acceptDeliveries(temp(nodes[0]), {}, deliveries, { b: { after: [] }, c: { after: ['a', 'b'] } });
      const [a, b] = await nodes[0].deliveries.claim(claimBy('one', { limit: 2 }));
      const annexes = [{ uid: `x${round}`, id: 'x', title: 'x', typeId: 't', relatedTo: 'item', filename: 'x', mediaType: 'text/plain', size: 1, sha256: 'a', confidential: false }] as const;
      const back = { ...DONE, broughtBack: { ...DONE.broughtBack, annexes } };
      await Promise.all([nodes[0].deliveries.finish(a!.delivery, back, { verdict: 'works' }), nodes[1].deliveries.finish(b!.delivery, back, { verdict: 'works' })]);
      const story = await nodes[1].history.story('default', item.uid);
      expect(story?.deliveries.map(({ state }) => state)).to.deep.equal(['done', 'done', 'ready']);
      expect(story?.item.annexes).to.have.length(2);
      const [c] = await nodes[0].deliveries.claim(claimBy('one', { limit: 2 }));
      await nodes[0].deliveries.finish(c!.delivery, DONE, { verdict: 'works' });
    }
  });

  it('transactions that block each other both take place', async () => {
    const [one, other] = [await node(), await node()];
    await one.operations.hold('default', 'a', 'x', 'r');
    await one.operations.hold('default', 'b', 'x', 'r');
    const meet = { one: false, other: false };
    const touch = (connector: string) => [`UPDATE connector_state SET failures = failures + 1 WHERE connector = '${connector}'`] as const;
    const both = async (store: Store, self: 'one' | 'other', first: string, second: string) => store.door.write(async (manager) => {
      await manager.query(...touch(first));
      meet[self] = true;
      for (let turn = 0; turn < 500 && !(meet.one && meet.other); turn += 1) await pause(2);
      await manager.query(...touch(second));
    });
    await Promise.all([both(one, 'one', 'a', 'b'), both(other, 'other', 'b', 'a')]);
    expect(await one.door.read((manager) => manager.query('SELECT failures FROM connector_state'))).to.deep.equal([{ failures: 2 }, { failures: 2 }]);
  });

  it('a process that stops in the middle of a transaction loses it, and nobody waits for long', async () => {
    const [stopped, other] = [await node(), await node()];
    await stopped.operations.hold('default', 'a', 'x', 'r');
    let thaw = (): void => undefined;
    let frozen = (): void => undefined;
    const isFrozen = new Promise<void>((resolve) => { frozen = resolve; });
    const lost = rejection(stopped.door.write(async (manager) => {
      await manager.query('UPDATE connector_state SET failures = 7');
      frozen();
      await new Promise<void>((resolve) => { thaw = resolve; });
      await manager.query('UPDATE connector_state SET failures = 8');
    }));
    await isFrozen;
    await other.operations.release('default', 'a', 'x');
    thaw();
    expect((await lost).code).to.equal('RELAIS_STORE_UNAVAILABLE');
    expect(await other.operations.connectorStates(null)).to.have.nested.property('[0].failures', 0);
    await acceptItems(stopped, {});
  });

  it('a commit that got no answer is asked for afterwards', async () => {
    const engine = await openEngine(settings(), 'own');
    closing.unshift(() => engine.close());
    for (const tookPlace of [true, false]) {
      const door = openDoor({ engine: losingCommits(engine, tookPlace), writeNotes: () => Promise.resolve() });
      const writing = door.write((manager) => manager.query('INSERT INTO meeting VALUES (?, ?, ?, ?, ?)', ['default', String(tookPlace), 'c', 'i', 1]));
      if (tookPlace) await writing;
      else expect((await rejection(writing)).code).to.equal('RELAIS_STORE_UNAVAILABLE');
      await door.write((manager) => manager.query('INSERT INTO meeting VALUES (?, ?, ?, ?, ?)', ['default', `after ${tookPlace}`, 'c', 'i', 1]));
      await door.close();
    }
    const kept = await engine.reader.query<{ uid: string }[]>('SELECT uid FROM meeting ORDER BY uid');
    expect(kept.map(({ uid }) => uid)).to.deep.equal(['after false', 'after true', 'true']);
  });

  it('a server that restarts under load: what was accepted is there, what failed is not, and service goes on by itself', async function () {
    this.timeout(60_000);
    const nodes = [await node({ realTime: true }), await node({ realTime: true })];
    await acceptItems(nodes[0]!, {});
    const accepted: string[] = [];
    const refused: { readonly uid: string; readonly code: string }[] = [];
    let stop = false;
    const load = Array.from({ length: 12 }, async (_, index) => {
      while (!stop) {
        const delivery = newDelivery(`${index}-${accepted.length}-${refused.length}`);
        const item = newItem({ createdAt: Date.now() });
        await nodes[index % 2]!.intake.accept({ item, history: [], flow: { definition: flowOf([delivery]), version: '' }, deliveries: [delivery], journal: [{ at: 1, actor: 'a', item: item.uid, event: 'item.accepted', data: {} }] })
          .then(() => accepted.push(item.uid), (error: unknown) => refused.push({ uid: item.uid, code: error instanceof RelaisError ? error.code : String(error) }));
      }
    });
    const grow = async (by: number): Promise<void> => {
      const goal = accepted.length + by;
      for (let waited = 0; accepted.length < goal; waited += 1) {
        expect(waited, 'service goes on').to.be.lessThan(1500);
        await pause(10);
      }
    };
    for (let restart = 0; restart < 3; restart += 1) {
      await grow(60);
      await stopServer();
      await pause(restart * 100);
      await startServerAgain();
    }
    await grow(60);
    stop = true;
    await Promise.all(load);
    const kept = new Set((await nodes[0]!.history.latest('default', 1_000_000)).map(({ uid }) => uid));
    expect(accepted.filter((uid) => !kept.has(uid)), 'accepted means kept').to.deep.equal([]);
    expect(refused.filter(({ uid }) => kept.has(uid)), 'a failed call left nothing').to.deep.equal([]);
    expect(refused.filter(({ code }) => code !== 'RELAIS_STORE_UNAVAILABLE')).to.deep.equal([]);
    expect(await nodes[1]!.verifyJournal('default')).to.include({ entries: accepted.length, brokenAt: null });
    expect(await nodes[1]!.deliveries.claim(claimBy('one', { limit: 5 }))).to.have.length(5);
  });

  it('says what is wrong without telling the password', async () => {
    const unreachable = `postgres://relais:top-secret@127.0.0.1:1/none`;
    for (const [broken, message] of [
      [unreachable, 'cannot be reached'],
      [url.replace('never-in-a-message', 'wrong-secret'), 'refuses the user or the password'],
      [url.replace(/[^/]+$/, 'nowhere'), 'no database of that name'],
    ] as const) {
      const error = await rejection(openStore(settings({ url: broken })));
      expect(error.code).to.equal('RELAIS_STORE_UNAVAILABLE');
      expect(error.message).to.contain(message).and.not.match(/secret|never-in|127\.0\.0\.1/);
    }
  });

  it('an operator changes and looks beside them, once the tables are there', async () => {
    expect((await rejection(openStoreBeside(settings()))).message).to.contain('relais store migrate');
    const running = await node({ realTime: true });
    await accept(running, 'd');
    const beside = await openStoreBeside(settings({ realTime: true }));
    await beside.operations.hold('default', 'folder', 'marie', 'maintenance');
    await beside.close();
    const reader = await openStoreReader(settings({ realTime: true }));
    expect(await reader.operations.connectorStates('default')).to.have.nested.property('[0].hold.by', 'marie');
    await reader.close();
    expect(await running.deliveries.claim(claimBy('one', { limit: 5 }))).to.deep.equal([]);
  });
});

/** The answer to the first commit is lost, after or instead of it. */
function losingCommits(engine: Engine, tookPlace: boolean): Engine {
  let lost = false;
  const spoil = (runner: QueryRunner): QueryRunner => {
    const query = runner.query.bind(runner) as (sql: string, ...rest: unknown[]) => Promise<unknown>;
    runner.query = (async (sql: string, ...rest: unknown[]) => {
      if (sql !== 'COMMIT' || lost) return query(sql, ...rest);
      lost = true;
      await query(tookPlace ? 'COMMIT' : 'ROLLBACK');
      throw new Error('Connection terminated unexpectedly');
    }) as typeof runner.query;
    return runner;
  };
  return {
    ...engine,
    enter: async (runner) => { const name = await engine.enter(runner); spoil(runner); return name; },
  };
}
