import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { ItemStory } from '../../src/history/store.js';
import { openStoreBeside, type Store, type StoreEngine } from '../../src/persistence/open-store.js';
import { systemClock } from '../../src/platform/clock.js';
import { waitFor } from './gateway-process.js';
import { recordingLogger } from './recording-logger.js';
import type { ShakyPartner } from './shaky-partner.js';
import { call, collegeItem } from './soap-call.js';

const root = path.resolve(import.meta.dirname, '../..');

/** Makes what `built: true` runs. */
export function buildOnce(): void {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, 'scripts/build-if-stale.mjs')], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed: ${stderr}`);
}

/** Sends items, each with the same files, one after the other until the gateway is gone or `stop` says so; records the uids that
 * were answered. */
export async function feed(url: string, name: string, answered: Set<string>, stop: () => boolean = () => false, files: Parameters<typeof collegeItem>[2] = []): Promise<void> {
  for (let n = 0; !stop(); n += 1) {
    try {
      const answer = await call(`${url}/ws4pm`, 'createItem', collegeItem(`Item ${name} ${n}`, '', files));
      const uid = answer.reply['UID'];
      if (answer.status === 200 && typeof uid === 'string') answered.add(uid);
    } catch {
      return; // the connection broke: this item was not answered
    }
  }
}

/** Looks into the store beside the gateway. */
export async function beside<T>(engine: StoreEngine, look: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStoreBeside({ engine, clock: systemClock, logger: recordingLogger() });
  try { return await look(store); } finally { await store.close(); }
}

/** Every delivery that is not over, lets an open breaker try, and waits until none is left. */
export async function drained(engine: StoreEngine, withinMs: number): Promise<void> {
  await beside(engine, async (store) => {
    let open = -1;
    let released = 0;
    await waitFor(async () => {
      open = await store.operations.count('default', { state: ['waiting', 'ready', 'sending', 'sent'] });
      if (open > 0 && Date.now() - released > 2_000) {
        released = Date.now();
        await store.operations.release('default', 'partner', 'test');
      }
      return open === 0;
    }, withinMs, () => `${open} deliveries are not over`);
  });
}

/** What a survival test must find at its end; every promise that is broken is in the list. */
export function brokenPromises(engine: StoreEngine, partner: ShakyPartner, answered: ReadonlySet<string>): Promise<string[]> {
  return beside(engine, async (store) => {
    const wrong: string[] = [];
    for (const [key, times] of partner.commits) if (times !== 1) wrong.push(`key ${key} took effect ${times} times`);
    for (const [uid, times] of partner.items) if (times !== 1) wrong.push(`item ${uid} arrived ${times} times`);
    for (const uid of answered) {
      const problem = itemProblem(await store.history.story('default', uid), partner.items.get(uid) ?? 0);
      if (problem !== null) wrong.push(`item ${uid} ${problem}`);
    }
    const { brokenAt } = await store.verifyJournal('default');
    if (brokenAt !== null) wrong.push(`the journal is broken at ${brokenAt}`);
    return wrong;
  });
}

function itemProblem(story: ItemStory | null, arrived: number): string | null {
  const delivery = story?.deliveries[0];
  if (delivery === undefined) return 'was answered and is not there';
  if (delivery.state === 'done') return arrived === 1 ? null : 'is done, and the partner does not have it';
  if (delivery.state === 'parked') return delivery.reason === null ? 'is parked without a reason' : null;
  return `is ${delivery.state}`;
}
