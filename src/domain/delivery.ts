/** States and meanings: DESIGN «Delivery semantics». `skipped`: the step's own condition said no; the next steps go on as
 * after `done`. */
export type DeliveryState = 'waiting' | 'ready' | 'sending' | 'sent' | 'done' | 'skipped' | 'rejected' | 'parked' | 'cancelled';

/** States that a delivery never leaves by itself. A parked one is not among them: somebody retries or cancels it. */
export const FINAL_STATES: ReadonlySet<DeliveryState> = new Set(['done', 'skipped', 'rejected', 'cancelled']);

/** States of the delivery that forwards an item (FORWARD_STEP) in which the item is withdrawn: it was taken back, or the system behind
 * does not have it any more. */
export const WITHDRAWN_STATES: ReadonlySet<DeliveryState> = new Set(['rejected', 'cancelled']);

/** Copied into the delivery when it is created, so that editing a policy never touches old deliveries. */
export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  /** After this many failed attempts the delivery is parked, unless it is its connector that fails, whatever the delivery. */
  readonly maxAttempts: number;
}

/** item × step: the ledger row. Times are epoch milliseconds of the store's clock. */
export interface Delivery {
  readonly id: string;
  readonly authority: string;
  readonly itemUid: string;
  readonly flow: string;
  /** Names the definition of the flow that this delivery follows to its end, kept in the store: see versionOf. */
  readonly flowVersion: string;
  readonly step: string;
  /** Position of the step in its flow, return steps after the others. */
  readonly position: number;
  /** `return`: carried out only when a step of the flow was rejected. */
  readonly role: 'step' | 'return';
  readonly connector: string;
  readonly operation: string;
  readonly state: DeliveryState;
  /** Since when it is in this state. */
  readonly stateSince: number;
  readonly attempts: number;
  /** Questions asked since it was sent (`track`); the intervals widen with it. */
  readonly polls: number;
  /** `ready`: when to try; `sent`: when to ask for the answer. */
  readonly dueAt: number;
  readonly epoch: number;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number | null;
  /** Set just before the irreversible call; such a delivery is probed, never resent blindly. */
  readonly markedAt: number | null;
  readonly remoteReference: string | null;
  /** What the connector wants to be given when it asks for the answer; plain JSON, its own affair. */
  readonly receiptData: unknown;
  /** Plain words, for a parked, waiting or cancelled delivery. */
  readonly reason: string | null;
  /** What to do about it, in plain words, where that is known. */
  readonly fix: string | null;
  readonly retry: RetryPolicy;
  /** Deliveries of one connector with the same key go one after the other, oldest first; null: in any order. */
  readonly orderKey: string | null;
  /** An operator asked for a sent delivery to be taken back; the engine asks the remote. */
  readonly cancelRequested: boolean;
  /** What an operator found it called on the other side, where its answer is awaited: it is probed under that name, and never sent,
   * as long as this stands. Null once it is sent or nobody said so. */
  readonly foundAs: string | null;
}

export type NewDelivery = Pick<Delivery, 'id' | 'flow' | 'flowVersion' | 'step' | 'position' | 'role' | 'connector' | 'operation' | 'state' | 'retry' | 'orderKey'>;
