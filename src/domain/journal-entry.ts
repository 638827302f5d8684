/** One line of the append-only journal. `hash` = SHA-256 over the previous hash and the canonical JSON of the rest, one
 * chain an authority, so that a removed or altered line shows. */
export interface JournalEntry {
  readonly authority: string;
  readonly sequence: number;
  readonly at: number;
  readonly actor: string;
  /** Uid of the item, or empty for what concerns none. */
  readonly item: string;
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

export type NewJournalEntry = Pick<JournalEntry, 'at' | 'actor' | 'item' | 'event' | 'data'>;
