import type { NewDelivery } from '../domain/delivery.js';
import type { Flow } from '../domain/flow.js';
import type { HistoryEvent, NewItem } from '../domain/item.js';
import type { NewJournalEntry } from '../domain/journal-entry.js';

/** An item with everything that is written with it. */
export interface Acceptance {
  readonly item: NewItem;
  readonly history: readonly HistoryEvent[];
  /** The flow that the deliveries follow; null: the item is kept only. Each version of a flow is kept once. */
  readonly flow: { readonly definition: Flow; readonly version: string } | null;
  readonly deliveries: readonly NewDelivery[];
  readonly journal: readonly NewJournalEntry[];
}

export interface IntakeStore {
  /** Stores all of it in one durable transaction, or nothing. Resolves with the short id that the item got, after the
   * commit is on disk. Throws RELAIS_STORE_UNAVAILABLE when the disk is full or the database is locked. */
  accept(acceptance: Acceptance): Promise<{ readonly id: string }>;
}
