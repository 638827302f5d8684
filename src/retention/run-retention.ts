import type { Authority } from '../domain/authority.js';
import type { PurgeCandidate, RetentionStore } from './store.js';

export interface RetentionRun {
  readonly store: RetentionStore;
  readonly authority: Pick<Authority, 'id' | 'retention'>;
  /** Epoch milliseconds; the same for the whole run. */
  readonly now: number;
  /** Who lets them go, for the journal. */
  readonly actor: string;
  /** Nothing is removed; it is counted what would be. */
  readonly isDryRun: boolean;
  /** Awaited before each item: requests and deliveries go first. */
  readonly giveWay: () => Promise<void>;
  /** Ends the run between two items; the next one goes on. */
  readonly signal?: AbortSignal;
}

export interface RetentionReport {
  /** In the order of the configuration. An item that several rules let go is counted with the first. */
  readonly rules: readonly { readonly kind: readonly string[]; readonly state: readonly string[]; readonly days: number; readonly items: number }[];
  readonly items: number;
  /** Files whose content went, and their size; 0 in a dry run. */
  readonly annexes: number;
  readonly bytes: number;
  /** The first of them. */
  readonly sample: readonly PurgeCandidate[];
}

const PAGE = 100;
const SAMPLE = 10;

/** Removes the content of every item that a rule of an authority lets go, one transaction an item. The journal is never
 * shortened: what happened stays provable. */
export async function runRetention({ store, authority, now, actor, isDryRun, giveWay, signal }: RetentionRun): Promise<RetentionReport> {
  const seen = new Set<string>();
  const sample: PurgeCandidate[] = [];
  const total = { items: 0, annexes: 0, bytes: 0 };

  async function letGo(candidate: PurgeCandidate): Promise<boolean> {
    if (isDryRun) {
      // what is removed is not found a second time; what is not, by every rule that means it
      if (seen.has(candidate.uid)) return false;
      seen.add(candidate.uid);
    } else {
      const purged = await store.purge(authority.id, candidate.uid, actor);
      if (purged === false) return false;
      total.annexes += purged.annexes;
      total.bytes += purged.bytes;
    }
    total.items += 1;
    if (sample.length < SAMPLE) sample.push(candidate);
    return true;
  }

  const rules: RetentionReport['rules'][number][] = [];
  for (const rule of authority.retention) {
    let items = 0;
    for await (const candidate of candidates(store, authority.id, rule, now)) {
      if (signal?.aborted === true) break;
      await giveWay();
      if (await letGo(candidate)) items += 1;
    }
    rules.push({ ...rule, items });
  }
  return { rules, ...total, sample };
}

async function* candidates(store: RetentionStore, authority: string, rule: Authority['retention'][number], now: number): AsyncGenerator<PurgeCandidate> {
  let page = await store.due(authority, rule, now, { limit: PAGE });
  for (let last = page.at(-1); last !== undefined; last = page.at(-1)) {
    yield* page;
    page = await store.due(authority, rule, now, { limit: PAGE, afterUid: last.uid });
  }
}
