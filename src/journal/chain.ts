import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical-json.js';
import type { JournalEntry } from '../domain/journal-entry.js';

/** Hash before the first entry of an authority. */
export const GENESIS = '0'.repeat(64);

/** An entry without its own hash: what is hashed. */
export type JournalLine = Omit<JournalEntry, 'hash'>;

/** SHA-256, hexadecimal, over the previous hash and the canonical text of the entry (docs/journal.md). */
export function chainHash(previous: string, line: JournalLine): string {
  return createHash('sha256').update(previous + canonicalLine(line)).digest('hex');
}

/** The text of an entry that its hash covers: canonical JSON of exactly these members. */
export function canonicalLine({ authority, sequence, at, actor, item, event, data }: JournalLine): string {
  return canonicalJson({ authority, sequence, at, actor, item, event, data });
}
