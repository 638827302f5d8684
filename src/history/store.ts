import type { Delivery } from '../domain/delivery.js';
import type { HistoryEvent, Item } from '../domain/item.js';
import type { JournalEntry } from '../domain/journal-entry.js';
import type { FieldValue } from '../domain/mapping.js';

/** One way in which an item may be visible: all three members must hold. */
export interface VisibilityClause {
  readonly configId: string;
  /** Review states; null: any. */
  readonly states: readonly string[] | null;
  /** Proposing organisations (uids); null: any. */
  readonly organisations: readonly string[] | null;
  /** Organisations (uids) of which at least one was asked for advice; null: does not matter. */
  readonly advisers: readonly string[] | null;
}

/** What a user may see: everything of the authority, or what any clause allows (no clause: nothing). */
export type Visibility = 'everything' | readonly VisibilityClause[];

/** A parsed full-text query (contracts/ws4pm.md §3.8). A word is folded by the store (case, accents). */
export type TextQuery =
  | { readonly type: 'word'; readonly text: string }
  | { readonly type: 'phrase'; readonly words: readonly string[] }
  /** `*` any run of characters, `?` one character. */
  | { readonly type: 'pattern'; readonly pattern: string }
  | { readonly type: 'and' | 'or'; readonly operands: readonly TextQuery[] }
  | { readonly type: 'not'; readonly operand: TextQuery };

/** `decision` has its continuations too; `allButDecision` is everything else. No field holds what only some readers of the
 * item may read. */
export type TextField = 'title' | 'description' | 'decision' | 'allButDecision' | 'everything';

/** All members given must hold. */
export interface ItemQuery {
  readonly uid?: string;
  readonly creator?: string;
  readonly category?: string;
  readonly configId?: string;
  readonly proposingOrganisation?: string;
  readonly reviewState?: string;
  /** Uid of the meeting; null: in no meeting. */
  readonly meeting?: string | null;
  readonly externalIdentifier?: string;
  readonly text?: readonly { readonly field: TextField; readonly query: TextQuery }[];
}

/** Which items a list holds. All members given must hold. */
export interface ListedItems {
  readonly reviewState?: string;
  readonly source?: string;
  /** A delivery of it needs a person. */
  readonly parked?: boolean;
}

/** A delivery with the values that it brought back, if any. */
export interface ToldDelivery extends Delivery {
  readonly results?: Readonly<Record<string, FieldValue>> | null;
}

/** Everything that happened to an item, for `relais items show`. */
export interface ItemStory {
  readonly item: Item;
  readonly history: readonly HistoryEvent[];
  readonly deliveries: readonly ToldDelivery[];
  readonly journal: readonly JournalEntry[];
}

/** The read side. Every call names the authority; nothing of another one is ever returned. */
export interface HistoryStore {
  /** Ordered by creation date, oldest first. Streams: a large answer is never whole in memory. Items that were withdrawn (what forwards
   * them was cancelled, or rejected by the system behind) are not found, whatever the visibility. */
  search(authority: string, query: ItemQuery, visibility: Visibility): AsyncIterable<Item>;
  /** Exact and case-sensitive, whatever the visibility (contracts/ws4pm.md §3.3); what was withdrawn links nothing. */
  isLinked(authority: string, externalIdentifier: string, configId: string | null): Promise<boolean>;
  story(authority: string, uid: string): Promise<ItemStory | null>;
  /** Newest first. */
  latest(authority: string, limit: number, wanted?: ListedItems): Promise<readonly Item[]>;
}
