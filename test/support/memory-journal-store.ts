import type { JournalEntry, NewJournalEntry } from '../../src/domain/journal-entry.js';
import { chainHash, GENESIS } from '../../src/journal/chain.js';
import type { StampedSeal } from '../../src/journal/seal.js';
import type { JournalStore } from '../../src/journal/store.js';

export interface MemoryJournalStore extends JournalStore {
  /** What it holds, to be tampered with. */
  readonly rows: JournalEntry[];
  readonly sealed: StampedSeal[];
  append(...entries: Partial<NewJournalEntry>[]): void;
}

/** The journal of one authority in memory. */
export function memoryJournalStore(authority = 'default'): MemoryJournalStore {
  const rows: JournalEntry[] = [];
  const sealed: StampedSeal[] = [];
  const own = <Row extends { readonly authority: string }>(found: readonly Row[], asked: string): Row[] => found.filter((row) => row.authority === asked);
  return {
    rows, sealed,
    append(...entries) {
      for (const entry of entries) {
        const line = { authority, sequence: rows.length + 1, at: 1_800_000_000_000 + rows.length, actor: 'relais', item: 'item-1', event: 'delivery.done', data: {}, ...entry };
        rows.push({ ...line, hash: chainHash(rows.at(-1)?.hash ?? GENESIS, line) });
      }
    },
    authorities: () => Promise.resolve([authority]),
    entries: (asked, after, limit) => Promise.resolve(own(rows, asked).filter(({ sequence }) => sequence > after).slice(0, limit)),
    entriesOf: (asked, item) => Promise.resolve(own(rows, asked).filter((entry) => entry.item === item)),
    hashes: (asked, from, to) => Promise.resolve(own(rows, asked).filter(({ sequence }) => sequence >= from && sequence <= to).map(({ hash }) => hash)),
    seals: (asked, after, limit) => Promise.resolve(own(sealed, asked).filter(({ number }) => number > after).slice(0, limit)),
    lastSeal: (asked) => Promise.resolve(own(sealed, asked).at(-1) ?? null),
    unstamped: (asked, limit) => Promise.resolve(own(sealed, asked).filter(({ token }) => token === null).slice(0, limit)),
    addSeal(seal) {
      if (sealed.some(({ number }) => number === seal.number)) return Promise.resolve(false);
      sealed.push({ ...seal, token: null });
      return Promise.resolve(true);
    },
    addToken(_asked, number, token) {
      const at = sealed.findIndex((seal) => seal.number === number);
      const seal = sealed[at];
      if (seal !== undefined) sealed[at] = { ...seal, token };
      return Promise.resolve();
    },
    lag: () => Promise.resolve({ unsealed: rows.length - (sealed.at(-1)?.to ?? 0), oldestUnsealed: null, unstamped: sealed.filter(({ token }) => token === null).length, oldestUnstamped: null }),
  };
}
