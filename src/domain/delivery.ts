/** States and meanings: DESIGN «Delivery semantics». */
export type DeliveryState = 'waiting' | 'ready' | 'sending' | 'sent' | 'done' | 'rejected' | 'parked' | 'cancelled';

/** Copied into the delivery when it is created, so that editing a policy never touches old deliveries. */
export interface RetryPolicy {
  readonly firstDelayMs: number;
  readonly factor: number;
  readonly maxDelayMs: number;
  /** After this many failed attempts the delivery is parked. */
  readonly maxAttempts: number;
}

/** item × step: the ledger row. Times are epoch milliseconds of the store's clock. */
export interface Delivery {
  readonly id: string;
  readonly authority: string;
  readonly itemUid: string;
  readonly flow: string;
  readonly step: string;
  /** Position of the step in its flow; a later step waits for the earlier ones. */
  readonly position: number;
  readonly connector: string;
  readonly operation: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly dueAt: number;
  readonly epoch: number;
  readonly leaseOwner: string | null;
  readonly leaseUntil: number | null;
  /** Set just before the irreversible call; such a delivery is probed, never resent blindly. */
  readonly markedAt: number | null;
  readonly remoteReference: string | null;
  /** Plain words and what to do, for a parked or waiting delivery. */
  readonly reason: string | null;
  readonly retry: RetryPolicy;
}

export type NewDelivery = Pick<Delivery, 'id' | 'flow' | 'step' | 'position' | 'connector' | 'operation' | 'state' | 'retry'>;
