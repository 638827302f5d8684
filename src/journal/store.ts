import type { JournalEntry } from '../domain/journal-entry.js';
import type { StampedSeal, Seal } from './seal.js';

/** What sealing, verifying and exporting ask of the store. Everything is of one authority. */
export interface JournalStore {
  /** Authorities that have a journal. */
  authorities(): Promise<readonly string[]>;
  /** Entries with a sequence above `after`, in order, at most `limit`. */
  entries(authority: string, after: number, limit: number): Promise<readonly JournalEntry[]>;
  /** Entries of one item, in order. */
  entriesOf(authority: string, item: string): Promise<readonly JournalEntry[]>;
  /** Hashes of the entries with these sequences, in order. */
  hashes(authority: string, from: number, to: number): Promise<readonly string[]>;
  /** Seals with a number above `after`, in order, at most `limit`. */
  seals(authority: string, after: number, limit: number): Promise<readonly StampedSeal[]>;
  lastSeal(authority: string): Promise<StampedSeal | null>;
  /** Seals that have no token yet, oldest first. */
  unstamped(authority: string, limit: number): Promise<readonly StampedSeal[]>;
  /** False if another process made the seal of that number first. */
  addSeal(seal: Seal): Promise<boolean>;
  /** Keeps a token; the first one stays. */
  addToken(authority: string, number: number, token: string): Promise<void>;
  /** How far sealing and stamping are behind. */
  lag(authority: string): Promise<JournalLag>;
}

export interface JournalLag {
  /** Entries that no seal covers. */
  readonly unsealed: number;
  /** Time of the oldest entry that no seal covers, epoch milliseconds; null: none. */
  readonly oldestUnsealed: number | null;
  readonly unstamped: number;
  /** When the oldest seal without a token was made, epoch milliseconds; null: none. */
  readonly oldestUnstamped: number | null;
}
