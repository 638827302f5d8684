import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ClaimRequest } from '../../src/delivery/store.js';
import type { ConnectorLimits } from '../../src/domain/authority.js';
import type { NewDelivery } from '../../src/domain/delivery.js';
import type { Flow, Step } from '../../src/domain/flow.js';
import type { Item, NewItem } from '../../src/domain/item.js';
import { openStore } from '../../src/persistence/open-store.js';
import type { Store } from '../../src/persistence/open-store.js';
import { versionOf } from '../../src/routing/flow-version.js';
import { emptyDatabase } from './embedded-postgres.js';
import { recordingLogger } from './recording-logger.js';
import { sampleItem } from './sample-item.js';

export interface TempStore extends Store {
  readonly folder: string;
  /** The store's time; a test may set it. */
  readonly time: { at: number };
}

/** A folder that is gone after `dispose`. */
export async function tempFolder(): Promise<{ readonly folder: string; readonly dispose: () => Promise<void> }> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'relais-test-'));
  return { folder, dispose: () => fs.rm(folder, { recursive: true, force: true }) };
}

export interface TempStoreSettings {
  readonly lockWaitMs?: number;
  readonly maxPages?: number;
}

/** A SQLite store in a folder of its own; `close` removes it all. */
export async function openTempStore({ lockWaitMs, maxPages }: TempStoreSettings = {}): Promise<TempStore> {
  const { folder, dispose } = await tempFolder();
  const time = { at: Date.UTC(2027, 2, 1, 9) };
  const store = await openStore({ engine: { kind: 'sqlite', folder, maxPages }, clock: { now: () => time.at }, logger: recordingLogger(), lockWaitMs });
  return { ...store, folder, time, close: async () => { await store.close(); await dispose(); } };
}

/** A PostgreSQL store, empty, with the time of the test; `close` removes it all. */
export async function openTempPostgres({ lockWaitMs }: TempStoreSettings = {}): Promise<TempStore> {
  const { folder, dispose } = await tempFolder();
  const { url, giveBack } = await emptyDatabase();
  const time = { at: Date.UTC(2027, 2, 1, 9) };
  const clock = { now: () => time.at };
  const store = await openStore({ engine: { kind: 'postgres', url, poolSize: 4, clock }, clock, logger: recordingLogger(), lockWaitMs });
  return { ...store, folder, time, close: async () => { await store.close(); await giveBack(); await dispose(); } };
}

/** What an edge submits to get `sampleItem(change)`. */
export function newItem(change: Partial<Item> = {}): NewItem {
  const { id, ...item } = sampleItem(change);
  return { ...item, baseId: id };
}

/** Accepts items one after the other, without deliveries; resolves with what was given. */
export async function acceptItems(store: Store, ...changes: Partial<Item>[]): Promise<NewItem[]> {
  const items = changes.map(newItem);
  for (const item of items) await store.intake.accept({ item, history: [], flow: null, deliveries: [], journal: [] });
  return items;
}

export function newDelivery(id: string, change: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id, flow: 'flow', flowVersion: '', step: 'step-0', position: 0, role: 'step', connector: 'folder', operation: 'deposit', state: 'ready',
    retry: { firstDelayMs: 1000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 }, orderKey: null, ...change,
  };
}

/** The definition that these deliveries follow: one step after the other, return steps likewise. `changes` by step. */
export function flowOf(deliveries: readonly NewDelivery[], changes: Readonly<Record<string, Partial<Step>>> = {}): Flow {
  const stepsOf = (role: NewDelivery['role']): Step[] => deliveries.filter((delivery) => delivery.role === role).map((delivery, index, own): Step => ({
    id: delivery.step, connector: delivery.connector, operation: delivery.operation, after: own.slice(Math.max(0, index - 1), index).map(({ step }) => step),
    when: null, waitFor: null, fields: {}, retry: delivery.retry, hours: null,
    results: { annexType: null, relatedTo: 'decision', stateWhenDone: null, stateWhenRejected: null }, ...changes[delivery.step],
  }));
  return { id: deliveries[0]?.flow ?? 'flow', when: {}, steps: stepsOf('step'), onRejection: stepsOf('return') };
}

/** Accepts an item, created now by the store's time, with deliveries of one flow. */
export async function acceptDeliveries(store: TempStore, change: Partial<Item>, deliveries: readonly NewDelivery[], steps: Readonly<Record<string, Partial<Step>>> = {}): Promise<NewItem> {
  const item = newItem({ createdAt: store.time.at, modifiedAt: store.time.at, ...change });
  const definition = flowOf(deliveries, steps);
  const version = versionOf(definition);
  await store.intake.accept({ item, history: [], flow: { definition, version }, deliveries: deliveries.map((delivery) => ({ ...delivery, flowVersion: version })), journal: [] });
  return item;
}

/** As much of every connector as there is. */
export const UNLIMITED: ConnectorLimits = { concurrency: 1000, perMinute: null, order: 'none' };

export function claimBy(owner: string, change: Partial<ClaimRequest> = {}): ClaimRequest {
  return { owner, leaseMs: 60_000, limit: 1, limitsOf: () => UNLIMITED, ...change };
}

export async function gather<T>(found: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of found) all.push(one);
  return all;
}

/** The error that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<{ code?: string; message: string; cause?: unknown }> {
  const outcome = await promise.then(() => null, (error: unknown) => error as { code?: string; message: string });
  if (outcome === null) throw new Error('it was expected to fail');
  return outcome;
}
