import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { NewDelivery } from '../../src/domain/delivery.js';
import type { Item, NewItem } from '../../src/domain/item.js';
import { openStore } from '../../src/persistence/open-store.js';
import type { Store, StoreSettings } from '../../src/persistence/open-store.js';
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

/** A store in a folder of its own; `close` removes it all. */
export async function openTempStore(settings: Partial<StoreSettings> = {}): Promise<TempStore> {
  const { folder, dispose } = await tempFolder();
  const time = { at: Date.UTC(2027, 2, 1, 9) };
  const store = await openStore({ folder, clock: { now: () => time.at }, logger: recordingLogger(), ...settings });
  return { ...store, folder, time, close: async () => { await store.close(); await dispose(); } };
}

/** What an edge submits to get `sampleItem(change)`. */
export function newItem(change: Partial<Item> = {}): NewItem {
  const { id, ...item } = sampleItem(change);
  return { ...item, baseId: id };
}

/** Accepts items one after the other, without deliveries; resolves with what was given. */
export async function acceptItems(store: Store, ...changes: Partial<Item>[]): Promise<NewItem[]> {
  const items = changes.map(newItem);
  for (const item of items) await store.intake.accept({ item, history: [], deliveries: [], journal: [] });
  return items;
}

export function newDelivery(id: string, change: Partial<NewDelivery> = {}): NewDelivery {
  return {
    id, flow: 'flow', step: 'step-0', position: 0, connector: 'folder', operation: 'deposit', state: 'ready',
    retry: { firstDelayMs: 1000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 }, ...change,
  };
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
