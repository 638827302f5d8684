import type { EntityManager } from 'typeorm';
import type { NewJournalEntry } from '../domain/journal-entry.js';
import type { ItemText } from './text-index.js';

/** What the works of a transaction leave to be written together just before its commit: cheaper in one go, and locks that
 * processes take from each other are held for the shortest time. A work that fails takes its notes with it. */
export interface TransactionNotes {
  readonly journal: { readonly authority: string; readonly entry: NewJournalEntry }[];
  readonly texts: ItemText[];
  /** When deliveries become due, epoch milliseconds: one for each. */
  readonly due: number[];
}

/** The notes of the transaction that `manager` works in. */
export function notesOf(manager: EntityManager): TransactionNotes {
  if (manager.queryRunner === undefined) throw new TypeError('notes are taken inside a transaction of the door only');
  const data = manager.queryRunner.data as { notes?: TransactionNotes };
  return data.notes ??= { journal: [], texts: [], due: [] };
}

/** Notes that deliveries become due at these times, epoch milliseconds. */
export function noteDue(manager: EntityManager, times: readonly number[]): void {
  const { due } = notesOf(manager);
  for (const time of times) due.push(time);
}

/** Hands over what was noted so far and begins anew. */
export function takeNotes(manager: EntityManager): TransactionNotes {
  const notes = notesOf(manager);
  return { journal: notes.journal.splice(0), texts: notes.texts.splice(0), due: notes.due.splice(0) };
}

/** Returns how to forget what is noted from now on. */
export function bookmark(manager: EntityManager): () => void {
  const notes = notesOf(manager);
  const { journal, texts, due } = notes;
  const lengths = [journal.length, texts.length, due.length] as const;
  return () => { [journal.length, texts.length, due.length] = lengths; };
}
