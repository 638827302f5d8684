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
  /** Uids of items that it is about: each names it among its `manuallyLinkedItems` from then on, and both stories say so. */
  readonly linkedTo?: readonly string[];
}

/** By what an intake knows what it took before. */
export interface TakenOnce {
  /** Each names the same thing over again: the bytes, what the file calls itself, what the caller calls the request. Unique for the
   * authority; at most 500 characters. */
  readonly keys: readonly string[];
  /** Fingerprint of the content: tells a repeat from something else under the same name. */
  readonly content: string;
  /** True: the keys never become free again. */
  readonly forGood?: boolean;
}

/** What was taken under one of the keys before. */
export interface TakenBefore {
  readonly key: string;
  readonly uid: string;
  readonly content: string;
  readonly at: number;
}

export interface IntakeStore {
  /** As `accept`, in the same transaction as the keys: nothing is stored where one of them is taken, and what was taken then is
   * answered, one entry for each taken key. A key whose item has ended without success (a delivery of it was rejected or
   * cancelled and not sent again, and none is under way or parked) is free again: what was refused may be corrected and come again. */
  acceptOnce(acceptance: Acceptance, once: TakenOnce): Promise<{ readonly id: string } | { readonly taken: readonly TakenBefore[] }>;
  /** What was taken under these keys until now, be they free again or not; for whoever looks before fetching. */
  takenBefore(authority: string, keys: readonly string[]): Promise<readonly TakenBefore[]>;
  /** Stores all of it in one durable transaction, or nothing. Resolves with the short id that the item got, after the
   * commit is on disk. Throws RELAIS_STORE_UNAVAILABLE when the disk is full or the database is locked. */
  accept(acceptance: Acceptance): Promise<{ readonly id: string }>;
}
