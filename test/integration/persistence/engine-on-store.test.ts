import { expect } from 'chai';
import { z } from 'zod';
import type { Connector } from '../../../src/connector-api/connector.js';
import { createEngine, type Engine } from '../../../src/delivery/engine.js';
import { systemTimer, type Timer } from '../../../src/delivery/timer.js';
import type { Authority } from '../../../src/domain/authority.js';
import { ItemEntity } from '../../../src/persistence/entities.js';
import { eachEngine } from '../../support/each-engine.js';
import { plainRules } from '../../support/engine-rig.js';
import { waitFor } from '../../support/gateway-process.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import { recordingLogger, type RecordingLogger } from '../../support/recording-logger.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { acceptDeliveries, newDelivery, openTempStore, UNLIMITED } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

/** Time runs so much faster for the engine and the store. */
const FASTER = 100;

/** A partner that remembers how often each key took effect, and what it was asked, in order. */
function partner() {
  const commits = new Map<string, number>();
  const order: string[] = [];
  const connector: Connector = {
    manifest: { id: 'partner', title: { fr: 'Essai', en: 'Trial' }, kinds: ['*'], operations: { deposit: { idempotence: 'none', fields: {} } } },
    settings: z.unknown(),
    check: () => Promise.resolve(),
    async submit({ key, item }, _settings, context) {
      await context.markSent();
      commits.set(key, (commits.get(key) ?? 0) + 1);
      order.push(item.authority);
      return { reference: key, state: 'done' };
    },
    probe: ({ key }) => Promise.resolve(commits.has(key) ? { found: { reference: key, state: 'done' } } : 'absent'),
  };
  return { connector, commits, order };
}

interface Rig { readonly engine: Engine; readonly logger: RecordingLogger }

/** The real engine over a real store. */
function engineOn(store: TempStore, connector: Connector, faster = FASTER): Rig {
  const origin = store.time.at;
  const began = Date.now();
  Object.defineProperty(store.time, 'at', { get: () => origin + (Date.now() - began) * faster });
  const timer: Timer = { after: (ms, action) => systemTimer.after(ms / faster, action) };
  const logger = recordingLogger();
  const blobs = memoryBlobStore();
  const authority: Authority = { ...sampleAuthority(), connectors: [{ id: 'out', type: 'partner', settings: {}, limits: UNLIMITED }] };
  let last = 0;
  const engine = createEngine({
    store: store.deliveries, rules: plainRules, connectors: new Map([['partner', connector]]), authority: (id) => ({ ...authority, id }),
    clock: { now: () => store.time.at }, timer, logger, owner: 'me', blobs: () => blobs, newId: () => `id-${last += 1}`,
    callBackUrl: (authority, connector) => `http://127.0.0.1:9/${authority}/callbacks/${connector}`,
    http: () => () => Promise.reject(new Error('this partner uses no HTTP')), options: { concurrency: 8 },
  });
  return { engine, logger };
}

/** Copies of the one item of an authority, each with its delivery. */
async function multiply(store: TempStore, authority: string, count: number): Promise<void> {
  const columns = Object.entries(ItemEntity.options.columns).map(([property, column]) => column.name ?? property).filter((name) => name !== 'seq');
  const copied = columns.map((name) => ({ uid: '\'copy-\' || i', short_id: '\'copy-\' || i' })[name] ?? name);
  const numbers = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)';
  await store.door.write(async (manager) => {
    await manager.query(`INSERT INTO item (${columns.join(', ')}) ${numbers} SELECT ${copied.join(', ')} FROM n CROSS JOIN item WHERE authority = ?`, [count, authority]);
    await manager.query(`INSERT INTO delivery (id, authority, lane, item_seq, item_uid, flow, flow_version, step, position, role, connector,
        operation, state, state_since, created_at, attempts, polls, due_at, epoch, retry, cancel_requested)
      SELECT i.uid, d.authority, d.lane, i.seq, i.uid, d.flow, d.flow_version, d.step, d.position, d.role, d.connector, d.operation, d.state, d.state_since, d.created_at,
        d.attempts, d.polls, d.due_at, d.epoch, d.retry, d.cancel_requested FROM delivery d JOIN item i ON i.authority = d.authority AND i.seq <> d.item_seq WHERE d.authority = ?`, [authority]);
  });
}

eachEngine('the engine on a store', (open) => {
  it('delivers the one item of an authority within the next claims, however many of another wait', async function () {
    this.timeout(60_000);
    const store = await open();
    const { connector, order } = partner();
    await acceptDeliveries(store, { authority: 'big' }, [newDelivery('seed', { connector: 'out' })]);
    await multiply(store, 'big', 50_000);
    const { engine } = engineOn(store, connector);
    try {
      engine.start();
      await waitFor(() => order.length > 40, 20_000, () => `only ${order.length} were delivered`);
      await acceptDeliveries(store, { authority: 'small' }, [newDelivery('single', { connector: 'out' })]);
      const before = order.length;
      engine.wake();
      await waitFor(() => order.includes('small'), 20_000, () => `${order.length} of the others were delivered before`);
      expect(order.indexOf('small') - before).to.be.lessThan(5 * 8);
      expect(await store.operations.count('big', { state: ['ready'] })).to.be.greaterThan(15_000);
    } finally {
      await engine.stop();
      await store.close();
    }
  });
});

describe('the engine on a store with two thousand that were sent', () => {
  it('asks about them in forty calls', async function () {
    this.timeout(60_000);
    const store = await openTempStore();
    const { connector } = partner();
    const asked: number[] = [];
    const surveying: Connector = {
      ...connector,
      track: () => Promise.reject(new Error('nobody has news')),
      survey: { atMost: 50, ask: (sent) => { asked.push(sent.length); return Promise.resolve(new Set()); } },
    };
    await acceptDeliveries(store, { authority: 'big' }, [newDelivery('seed', { connector: 'out' })]);
    await multiply(store, 'big', 2_000);
    await store.door.write(async (manager) => {
      await manager.query('UPDATE delivery SET state = \'done\' WHERE id = \'seed\'');
      await manager.query('UPDATE delivery SET state = \'sent\', remote_reference = id, marked_at = due_at WHERE id <> \'seed\'');
    });
    const { engine } = engineOn(store, surveying, 1);
    try {
      engine.start();
      await waitFor(() => asked.length >= 40, 30_000, () => `only ${asked.length} calls`);
      await waitFor(async () => (await store.door.read((manager) => manager.query<unknown[]>('SELECT 1 FROM delivery WHERE polls <> 1 AND id <> \'seed\' LIMIT 1'))).length === 0, 10_000, () => 'not all were asked about');
      expect(asked).to.deep.equal(Array.from({ length: 40 }, () => 50));
    } finally {
      await engine.stop();
      await store.close();
    }
  });
});

describe('the engine on a disk that fills up', function () {
  this.timeout(60_000);

  it('loses nothing, sends nothing twice, and goes on by itself when there is room', async () => {
    const store = await openTempStore();
    const { connector, commits } = partner();
    const names = Array.from({ length: 150 }, (_, n) => `d${n}`);
    for (const name of names) await acceptDeliveries(store, {}, [newDelivery(name, { connector: 'out' })]);
    const setLimit = (pages: number) => store.door.write((manager) => manager.query(`PRAGMA max_page_count = ${pages}`));
    const [size] = await store.door.read((manager) => manager.query<{ page_count: number }[]>('PRAGMA page_count'));
    await setLimit(size!.page_count + 5);
    const { engine, logger } = engineOn(store, connector);
    try {
      engine.start();
      await waitFor(() => logger.lines.some(({ message }) => message.startsWith('The delivery engine cannot reach its store')), 20_000, () => logger.text());
      expect(await store.operations.count('default', { state: ['done'] })).to.be.lessThan(names.length);
      await setLimit(size!.page_count * 100);
      await waitFor(async () => await store.operations.count('default', { state: ['done'] }) === names.length, 30_000, () => logger.text().slice(-2_000));
    } finally {
      await engine.stop();
    }
    expect(commits.size).to.equal(names.length);
    expect([...commits.values()].filter((times) => times !== 1)).to.deep.equal([]);
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
    await store.close();
  });
});
