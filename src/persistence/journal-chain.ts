import type { EntityManager } from 'typeorm';
import { MoreThan } from 'typeorm';
import type { JournalEntry, NewJournalEntry } from '../domain/journal-entry.js';
import { chainHash, GENESIS } from '../journal/chain.js';
import type { Dialect } from './engine.js';
import { JournalEntity } from './entities.js';
import { rowsInsert } from './row-access.js';
import { notesOf } from './transaction-notes.js';
import type { TransactionNotes } from './transaction-notes.js';

const TAIL = 'SELECT sequence, hash FROM journal WHERE authority = ? ORDER BY sequence DESC LIMIT 1';
const VERIFY_PAGE = 1000;

const insertEntries = rowsInsert(JournalEntity);

/** What a check of a journal found: `brokenAt` is the sequence of the first entry that does not follow from the one
 * before it, null if all do. Entries cut off at the end leave no trace in the chain itself: compare `entries` and
 * `lastHash` with what was noted elsewhere. */
export interface JournalCheck {
  readonly entries: number;
  readonly lastHash: string;
  readonly brokenAt: number | null;
}

/** Adds entries to the chain of an authority, inside the caller's transaction: just before its commit, see writeJournal. */
export function noteJournal(manager: EntityManager, authority: string, entries: readonly NewJournalEntry[]): void {
  const { journal } = notesOf(manager);
  for (const entry of entries) journal.push({ authority, entry });
}

/** Writes what was noted, in the order in which it was noted. Processes wait for each other from here to the commit, an
 * authority at a time and always in the same order, so that none waits for one that waits for it. */
export async function writeJournal(manager: EntityManager, { lockKey }: Dialect, notes: TransactionNotes['journal']): Promise<void> {
  for (const authority of [...new Set(notes.map((note) => note.authority))].toSorted()) {
    if (lockKey !== null) await manager.query(lockKey, [`journal of ${authority}`]);
    const [tail] = await manager.query<{ sequence: number; hash: string }[]>(TAIL, [authority]);
    await insertEntries(manager, chained(authority, notes.filter((note) => note.authority === authority), tail));
  }
}

function chained(authority: string, notes: TransactionNotes['journal'], tail: { readonly sequence: number; readonly hash: string } | undefined): JournalEntry[] {
  let sequence = tail?.sequence ?? 0;
  let previous = tail?.hash ?? GENESIS;
  return notes.map(({ entry: { at, actor, item, event, data } }) => {
    sequence += 1;
    const line = { authority, sequence, at, actor, item, event, data };
    previous = chainHash(previous, line);
    return { ...line, hash: previous };
  });
}

/** Recomputes the chain of an authority from its first entry. */
export async function verifyJournal(manager: EntityManager, authority: string): Promise<JournalCheck> {
  let entries = 0;
  let previous = GENESIS;
  for (;;) {
    const page = await manager.find(JournalEntity, { where: { authority, sequence: MoreThan(entries) }, order: { sequence: 'ASC' }, take: VERIFY_PAGE });
    if (page.length === 0) return { entries, lastHash: previous, brokenAt: null };
    for (const entry of page) {
      if (entry.sequence !== entries + 1 || entry.hash !== chainHash(previous, entry)) return { entries, lastHash: previous, brokenAt: entry.sequence };
      entries = entry.sequence;
      previous = entry.hash;
    }
  }
}
