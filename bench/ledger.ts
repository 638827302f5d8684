import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { NewDelivery } from '../src/domain/delivery.js';
import type { Flow } from '../src/domain/flow.js';
import type { NewItem } from '../src/domain/item.js';
import { openStore, type Store } from '../src/persistence/open-store.js';
import { createNewId } from '../src/platform/new-id.js';
import { plansOf } from '../test/support/query-plans.js';

/** What a delivery costs the store (accept, claim, mark, finish; the connector does nothing) while the ledger grows:
 *   node --import tsx bench/ledger.ts [--sizes 1000,50000,500000] [--deliveries 3000]
 * Of what the ledger holds, nine tenths are over; the rest waits for answers, or for a connector that is held. */
const option = (name: string, fallback: string): string => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1] ?? fallback;
};
const sizes = option('sizes', '1000,50000,500000').split(',').map(Number);
const deliveries = Number(option('deliveries', '3000'));
const IN_FLIGHT = 16;
const FILL_STEP = 25_000;

const newId = createNewId();
const retry = { firstDelayMs: 1000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 };
const results = { annexType: null, relatedTo: 'decision', stateWhenDone: null, stateWhenRejected: null } as const;
const step = { id: 'send', connector: 'out', operation: 'deposit', after: [], when: null, waitFor: null, fields: {}, retry, hours: null, results };
const definition: Flow = { id: 'flow', when: {}, steps: [step], onRejection: [] };
const limits = { concurrency: 64, perMinute: null, order: 'none' } as const;
const limitsOf = (): typeof limits => limits;

function newItem(authority: string): NewItem {
  const now = Date.now();
  return {
    uid: newId(), baseId: 'point', authority, kind: 'letter', source: 'ged', configId: 'college', creator: 'ged', createdAt: now, modifiedAt: now,
    reviewState: 'created', proposingOrganisation: 'urbanism', title: 'Voirie', category: null, description: '<p>Une demande</p>'.repeat(10),
    detailedDescription: '', motivation: '', decision: '<p>Le collège décide</p>', preferredMeeting: null, meeting: null, externalIdentifier: newId(),
    toDiscuss: true, associatedOrganisations: [], organisationsInCharge: [], optionalAdvisers: [], extra: {}, annexes: [],
  };
}

async function accept(store: Store, authority: string, connector = 'out'): Promise<void> {
  const item = newItem(authority);
  const delivery: NewDelivery = { id: newId(), flow: 'flow', flowVersion: 'v', step: 'send', position: 0, role: 'step', connector, operation: 'deposit', state: 'ready', retry, orderKey: null };
  const journal = [{ at: item.createdAt, actor: 'ged', item: item.uid, event: 'item.accepted', data: { kind: 'letter' } }];
  await store.intake.accept({ item, history: [], flow: { definition, version: 'v' }, deliveries: [delivery], journal });
}

/** Copies the item and the delivery of authority `town` that were accepted first. */
async function fill(store: Store, from: number, to: number): Promise<void> {
  for (let first = from; first < to; first += FILL_STEP) {
    const last = Math.min(first + FILL_STEP, to);
    await store.door.write(async (manager) => {
      const numbers = `WITH RECURSIVE n (i) AS (SELECT ${first} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${last})`;
      const item = await columnsOf(manager, 'item');
      const copied: Record<string, string> = { uid: 'uid || \'-\' || n.i', short_id: 'short_id || \'-\' || n.i', external_identifier: '\'x\' || n.i' };
      await manager.query(`INSERT INTO item (${item.join(', ')}) ${numbers} SELECT ${item.map((column) => copied[column] ?? column).join(', ')} FROM item CROSS JOIN n WHERE seq = 1`);
      const delivery = (await columnsOf(manager, 'delivery')).filter((column) => column !== 'item_seq' && column !== 'item_uid');
      const state = 'CASE n.i % 20 WHEN 0 THEN \'ready\' WHEN 1 THEN \'sent\' ELSE \'done\' END';
      const of: Record<string, string> = { id: 'd.id || \'-\' || n.i', state, due_at: 'd.due_at + CASE n.i % 20 WHEN 1 THEN 86400000 ELSE 0 END', reason: 'NULL' };
      await manager.query(`INSERT INTO delivery (item_seq, item_uid, ${delivery.join(', ')}) ${numbers}
        SELECT i.seq, i.uid, ${delivery.map((column) => of[column] ?? `d.${column}`).join(', ')} FROM delivery d CROSS JOIN n JOIN item i ON i.uid = d.item_uid || '-' || n.i WHERE d.seq = 1`);
    });
  }
}

async function columnsOf(manager: Parameters<Parameters<Store['door']['write']>[0]>[0], table: string): Promise<string[]> {
  const columns = await manager.query<{ name: string }[]>(`PRAGMA table_info(${table})`);
  return columns.map(({ name }) => name).filter((name) => name !== 'seq');
}

interface Costs { readonly accept: number; readonly deliver: number; readonly claim: number; readonly look: number; readonly counts: number }

/** Microseconds of processor time each: what else the machine does shows less in them than in the clock. */
async function measure(store: Store): Promise<Costs> {
  const timed = async (work: () => Promise<unknown>, times: number): Promise<number> => {
    const begin = cpu();
    await work();
    return (cpu() - begin) / times;
  };
  const accepting = await timed(() => inFlight(deliveries, () => accept(store, 'city')), deliveries);
  const begin = cpu();
  const { claims, claiming } = await deliverAll(store);
  const delivering = (cpu() - begin) / deliveries;
  const look = await timed(async () => { for (let n = 0; n < 100; n += 1) await store.deliveries.nextDueAt(limitsOf); }, 100);
  const counts = await timed(async () => { for (let n = 0; n < 5; n += 1) await store.operations.counts(null); }, 5);
  return { accept: accepting, deliver: delivering, claim: claiming / claims, look, counts };
}

function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Carries out all that is due; `claiming`: microseconds spent on claims. */
async function deliverAll(store: Store): Promise<{ readonly claims: number; readonly claiming: number }> {
  let claiming = 0;
  for (let claims = 1; ; claims += 1) {
    const begin = cpu();
    const claimed = await store.deliveries.claim({ owner: 'bench', leaseMs: 60_000, limit: IN_FLIGHT, limitsOf });
    claiming += cpu() - begin;
    if (claimed.length === 0) return { claims, claiming };
    await Promise.all(claimed.map(async ({ delivery }) => {
      await store.deliveries.markSent(delivery);
      await store.deliveries.finish(delivery, { state: 'done', remoteReference: delivery.id, broughtBack: { fields: {}, annexes: [], reviewState: null } }, { verdict: 'works' });
    }));
  }
}

async function inFlight(count: number, work: () => Promise<void>): Promise<void> {
  let left = count;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => { while (left-- > 0) await work(); }));
}

const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'relais-bench-'));
const logger = { error: console.error, warn: console.error, info: () => undefined, debug: () => undefined, child: () => logger };
const store = await openStore({ engine: { kind: 'sqlite', folder }, clock: { now: () => Date.now() }, logger });
try {
  await accept(store, 'town', 'down');
  await store.operations.hold('town', 'down', 'bench', 'out of order');
  await measure(store);
  let filled = 1;
  let smallest: Costs | undefined;
  for (const size of sizes) {
    await fill(store, filled, size);
    filled = Math.max(filled, size);
    const costs = await measure(store);
    smallest ??= costs;
    const columns = (Object.keys(costs) as (keyof Costs)[]).map((name) => `${name} ${costs[name].toFixed(0)} µs (× ${(costs[name] / smallest![name]).toFixed(2)})`);
    console.log(`${size} deliveries in the ledger: ${columns.join(', ')}`);
  }
  console.log('What a claim, a mark and the end of a delivery look at:');
  await accept(store, 'city');
  for (const look of new Set(await plansOf(store, 'writer', () => deliverAll(store)))) console.log(`  ${look}`);
} finally {
  await store.close();
  await fs.rm(folder, { recursive: true, force: true });
}
