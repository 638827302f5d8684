import type { JournalEntry } from '../domain/journal-entry.js';
import type { StampedSeal } from './seal.js';
import type { JournalStore } from './store.js';
import type { JournalSource } from './verify-journal.js';

const PAGE = 1000;

/** The journal of an authority as it is in the store, page by page, beside those who write it. Seals that are made from now
 * on are left out: they may cover entries that were not there when the last page was read. */
export async function journalOf(store: JournalStore, authority: string): Promise<JournalSource> {
  const newest = (await store.lastSeal(authority))?.number ?? 0;
  async function* entries(): AsyncGenerator<JournalEntry> {
    for (let after = 0; ;) {
      const page = await store.entries(authority, after, PAGE);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.sequence;
    }
  }
  async function* seals(): AsyncGenerator<StampedSeal> {
    for (let after = 0; after < newest;) {
      const page = await store.seals(authority, after, Math.min(PAGE, newest - after));
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.number;
    }
  }
  return { entries, seals };
}
