import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { MoreThan } from 'typeorm';
import { canonicalJson } from '../domain/canonical-json.js';
import type { JournalEntry, NewJournalEntry } from '../domain/journal-entry.js';
import { JournalEntity } from './entities.js';
import { rowInsert } from './row-access.js';

/** Hash before the first entry of an authority. */
const GENESIS = '0'.repeat(64);
const TAIL = 'SELECT sequence, hash FROM journal WHERE authority = ? ORDER BY sequence DESC LIMIT 1';
const VERIFY_PAGE = 1000;

const insertEntry = rowInsert(JournalEntity);

/** What a check of a journal found: `brokenAt` is the sequence of the first entry that does not follow from the one
 * before it, null if all do. Entries cut off at the end leave no trace in the chain itself: compare `entries` and
 * `lastHash` with what was noted elsewhere. */
export interface JournalCheck {
  readonly entries: number;
  readonly lastHash: string;
  readonly brokenAt: number | null;
}

/** Adds entries to the chain of an authority, inside the caller's transaction. */
export async function appendJournal(manager: EntityManager, authority: string, entries: readonly NewJournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const [tail] = await manager.query<{ sequence: number; hash: string }[]>(TAIL, [authority]);
  let sequence = tail?.sequence ?? 0;
  let previous = tail?.hash ?? GENESIS;
  for (const entry of entries) {
    sequence += 1;
    const line = { authority, sequence, at: entry.at, actor: entry.actor, item: entry.item, event: entry.event, data: entry.data };
    previous = chainHash(previous, line);
    await insertEntry(manager, { ...line, hash: previous });
  }
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

/** SHA-256, hex, over the previous hash and the canonical JSON of the entry without its own hash. */
function chainHash(previous: string, line: Omit<JournalEntry, 'hash'>): string {
  const { authority, sequence, at, actor, item, event, data } = line;
  return createHash('sha256').update(previous + canonicalJson({ authority, sequence, at, actor, item, event, data })).digest('hex');
}
