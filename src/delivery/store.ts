import type { Gathering, ItemNews, Results } from '../connector-api/connector.js';
import type { ConnectorLimits } from '../domain/authority.js';
import type { Delivery } from '../domain/delivery.js';
import type { Flow, Step } from '../domain/flow.js';
import type { Annex, ExtraValue, Item } from '../domain/item.js';
import type { FieldValue, StepResult } from '../domain/mapping.js';

/** A claimed delivery with what is needed to carry it out. Its state is `sending` (submit or probe it) or `sent` (ask for
 * the answer); both with a lease. */
export interface ClaimedDelivery {
  readonly delivery: Delivery;
  readonly item: Item;
  /** As they were when the item was accepted. */
  readonly flow: Flow;
  readonly step: Step;
  /** What the other steps brought back, by step. */
  readonly results: Readonly<Record<string, StepResult>>;
  /** It was let through an open breaker: a failure of the connector does not count as an attempt. */
  readonly canary: boolean;
  /** Step of its flow that was rejected: it is not sent any more, unless it is a return step. Null: none was. */
  readonly rejectedStep: string | null;
  /** It was waiting for a load, and this is the time for it. */
  readonly gathered: boolean;
  /** Failures of its connector in a row until now, whatever the delivery. While they last, it is the connector that fails. */
  readonly connectorFailures: number;
}

/** What one slot of a connector is used for: a delivery, and those that are carried out with it. They are asked about together, or
 * were gathered for the same load; then all of them, this one first, are in the order of their arrival. */
export interface Claim extends ClaimedDelivery {
  readonly companions: readonly ClaimedDelivery[];
}

/** What was brought back, ready to be put on the item. */
export interface BroughtBack {
  readonly fields: Readonly<Record<string, FieldValue>>;
  /** Those that the item takes among its `extra`, by their name there. Absent: none. */
  readonly itemFields?: Readonly<Record<string, ExtraValue>>;
  /** New annexes, complete; their bytes are kept. */
  readonly annexes: readonly Annex[];
  /** Review state that the item takes, with the action and comment of its history; null: it keeps its own. */
  readonly reviewState: { readonly to: string; readonly action: string; readonly comment: string } | null;
  /** What the item has become in the system that decides on it: what differed when it was claimed. Absent: nothing. */
  readonly item?: ItemNews;
}

/** What a delivery becomes after an attempt or a question. Times are epoch milliseconds. */
export type DeliveryOutcome =
  | { readonly state: 'done'; readonly remoteReference: string; readonly broughtBack: BroughtBack }
  /** Sent, the answer is awaited: ask at `dueAt`. */
  | { readonly state: 'sent'; readonly remoteReference: string; readonly receiptData: unknown; readonly dueAt: number; readonly broughtBack: BroughtBack }
  /** Asked, no answer yet (or the question failed): ask again at `dueAt`. The delivery stays `sent`. `cancelRefused`: it cannot
   * be taken back, so the request for it goes. `broughtBack`: before the answer. */
  | { readonly state: 'pending'; readonly dueAt: number; readonly reason: string | null; readonly receiptData?: unknown; readonly cancelRefused?: true; readonly broughtBack?: BroughtBack }
  | { readonly state: 'rejected'; readonly reason: string; readonly broughtBack: BroughtBack }
  /** Try again at `dueAt`. `cleared`: absence was proved, so the mark goes. */
  | { readonly state: 'ready'; readonly dueAt: number; readonly reason: string; readonly countsAsAttempt: boolean; readonly cleared: boolean }
  /** Not tried: it becomes `ready`, waits for a load of its group, and is due when that is full or has waited long enough (see
   * waitForLoad); those that are due leave. `cleared` as above. */
  | { readonly state: 'gathered'; readonly load: Gathering; readonly cleared: boolean }
  /** `countsAsAttempt` false: it was not tried (a mapping that cannot be made). `cleared` as above: once somebody has
   * corrected what was refused, a retry is a submission and not a probe that finds nothing. */
  | { readonly state: 'parked'; readonly reason: string; readonly fix: string | null; readonly countsAsAttempt: boolean; readonly cleared: boolean }
  | { readonly state: 'skipped'; readonly reason: string }
  | { readonly state: 'cancelled'; readonly reason: string };

/** What an attempt says about the connector as a whole, for its breaker: see nextBreaker. `unaffected`: nothing. */
export type ConnectorHealth =
  | { readonly verdict: 'works' }
  | { readonly verdict: 'unreachable'; readonly reason: string }
  | { readonly verdict: 'misconfigured'; readonly reason: string }
  | { readonly verdict: 'unaffected' };

export interface Finished {
  /** What the attempt did to the breaker. */
  readonly breaker: 'opened' | 'closed' | null;
}

/** How much of a connector may be used at once, and for how many deliveries. */
export interface LaneLimits extends ConnectorLimits {
  /** So many that were sent are asked about in one slot; each in its own if not given. */
  readonly askTogether?: number;
  /** What it is given is gathered first. That is not counted by the rate; a load is, as one. */
  readonly gathers?: boolean;
}

export interface ClaimRequest {
  readonly owner: string;
  readonly leaseMs: number;
  /** Slots, whatever each is used for. */
  readonly limit: number;
  /** Limits of a connector as it is configured now; null: the authority or the connector is not served by this process,
   * its deliveries are left alone. */
  readonly limitsOf: (authority: string, connector: string) => LaneLimits | null;
}

/** Every write after the claim is guarded by owner, state and epoch: `false` means that the lease was lost, which is
 * not an error. Every change writes its journal entry in the same transaction. Times are the store's clock. */
export interface DeliveryStore {
  /** Takes up to `limit` deliveries that are due (`ready`, and `sent` ones whose answer is to be asked for), in turn between
   * authorities and, within one, between connectors; within a connector oldest first. Respects holds, breakers (one canary
   * when its time has come), concurrency over all processes, the rate, and the order of deliveries with an order key. */
  claim(request: ClaimRequest): Promise<readonly Claim[]>;
  /** Persisted before it resolves: all of them, or none. False also when a lease is over and nobody has taken it yet. */
  markSent(...deliveries: readonly Delivery[]): Promise<boolean>;
  extendLease(delivery: Delivery, leaseMs: number): Promise<boolean>;
  /** Finishes the attempt in one transaction: the row, what was brought back, the breaker, and what follows for the other
   * steps of the flow (advanceFlow). */
  finish(delivery: Delivery, outcome: DeliveryOutcome, health: ConnectorHealth): Promise<Finished | false>;
  /** Gives deliveries with an expired lease free again (the mark stays): `sending` becomes `ready`, `sent` stays. Returns
   * how many. */
  reap(): Promise<number>;
  /** Epoch milliseconds at which something can be claimed next, as far as that is known; null if nothing waits that this
   * process serves. It may be too early; what only an operator, an acceptance or the end of a delivery can set free (a hold,
   * a connector that is used to its limit) is not in it. */
  nextDueAt(limitsOf: ClaimRequest['limitsOf']): Promise<number | null>;
}

/** What a receipt or a tracking says without results. */
export const NOTHING_BROUGHT_BACK: BroughtBack = { fields: {}, annexes: [], reviewState: null };

export type { Gathering, ItemNews, Results };
