import type { Delivery } from '../domain/delivery.js';
import type { Item } from '../domain/item.js';

/** A claimed delivery with what is needed to carry it out. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  readonly item: Item;
}

/** What a delivery becomes after an attempt. Times are epoch milliseconds. */
export type DeliveryOutcome =
  | { readonly state: 'done' | 'sent'; readonly remoteReference: string }
  /** Try again at `dueAt`. `cleared`: absence was proved, so the mark goes. */
  | { readonly state: 'ready'; readonly dueAt: number; readonly reason: string; readonly countsAsAttempt: boolean; readonly cleared: boolean }
  | { readonly state: 'parked'; readonly reason: string };

/** Every write after the claim is guarded by owner, state and epoch: `false` means that the lease was lost, which is
 * not an error. Every change writes its journal entry in the same transaction. Times are the store's clock. */
export interface DeliveryStore {
  /** Takes up to `limit` ready deliveries that are due, oldest first and in turn between authorities. */
  claim(owner: string, leaseMs: number, limit: number): Promise<readonly ClaimedDelivery[]>;
  /** Persisted before it resolves. */
  markSent(delivery: Delivery): Promise<boolean>;
  extendLease(delivery: Delivery, leaseMs: number): Promise<boolean>;
  /** Finishes the attempt; `done` makes the next step of the item ready in the same transaction. */
  finish(delivery: Delivery, outcome: DeliveryOutcome): Promise<boolean>;
  /** Makes deliveries with an expired lease ready again (the mark stays). Returns how many. */
  reap(): Promise<number>;
  /** Epoch milliseconds of the next due delivery; null if none waits. */
  nextDueAt(): Promise<number | null>;
}
