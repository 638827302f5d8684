import type { ConnectorState } from '../domain/connector-state.js';
import type { Delivery, DeliveryState } from '../domain/delivery.js';

/** Which deliveries an operator means. All members given must hold; always of one authority. */
export interface DeliveryFilter {
  readonly ids?: readonly string[];
  readonly itemUid?: string;
  readonly state?: readonly DeliveryState[];
  readonly connector?: string;
  readonly flow?: string;
  readonly step?: string;
  /** In its state since before this moment, epoch milliseconds. */
  readonly since?: number;
  /** A part of the reason, in any case of letters. */
  readonly reason?: string;
}

export interface DeliverySummary extends Delivery {
  readonly itemTitle: string;
}

/** How many deliveries of a connector are in a state, for metrics and lists. Final states are not counted: what is over
 * only grows. */
export interface DeliveryCount {
  readonly authority: string;
  readonly connector: string;
  readonly state: DeliveryState;
  readonly count: number;
  /** Since when the oldest is in it, epoch milliseconds. */
  readonly oldest: number;
}

/** What an operator found on the other side. */
export interface Finding {
  /** What the other side calls it. */
  readonly reference: string;
  /** How he knows, for the story of the item; plain words. */
  readonly reason: string;
}

/** What an operator does with deliveries and connectors. Every change is journalled with the operator's name. A change of
 * a delivery that meanwhile left the state in which the operator saw it is passed over, and not counted. */
export interface DeliveryOperations {
  /** Newest first; `afterId` is the last one of the page before. */
  list(authority: string, filter: DeliveryFilter, page: { readonly limit: number; readonly afterId?: string }): Promise<readonly DeliverySummary[]>;
  count(authority: string, filter: DeliveryFilter): Promise<number>;
  /** Makes parked deliveries ready again (attempts start anew; a mark stays, so that they are probed first), and waiting
   * retries due now. Where another step of the flow was rejected, those without a mark are passed over, and those with one
   * are probed but not sent any more. */
  retry(authority: string, filter: DeliveryFilter, actor: string): Promise<number>;
  /** Cancels deliveries that are not under way and not final. Steps behind them are cancelled too. `sent` ones are marked
   * for cancelling: the engine asks the remote. */
  cancel(authority: string, filter: DeliveryFilter, actor: string, reason: string): Promise<number>;
  /** Sends finished or parked deliveries again although the remote may have them: a new delivery of the same step with a new
   * key, journalled as such. Where another step of the flow was rejected, or the content of the item is gone (retention), they
   * are passed over. */
  resend(authority: string, filter: DeliveryFilter, actor: string, newId: () => string): Promise<number>;
  /** An operator found on the other side what nobody could prove to be there: parked deliveries with a mark, or sent before
   * they were parked, are done, and the next steps go on. Returns how many. */
  settle(authority: string, filter: DeliveryFilter, actor: string, finding: Finding): Promise<number>;
  /** An operator found a parked delivery on the other side, where its answer is awaited: it is probed under that reference, now
   * and until it is found so or settled otherwise, and not sent any more. Returns how many. */
  awaitAnswer(authority: string, filter: DeliveryFilter, actor: string, finding: Finding): Promise<number>;
  /** Those that were sent are asked for at once, also where they are being asked for just now. Wake the engine afterwards. Not
   * journalled: it changes nothing. Returns how many. */
  ask(authority: string, filter: DeliveryFilter): Promise<number>;
  /** The same for those at whose news the other side hinted, by what it calls them. */
  askByReference(authority: string, connector: string, references: readonly string[]): Promise<number>;
  hold(authority: string, connector: string, actor: string, reason: string): Promise<void>;
  /** Ends a hold; also lets an open breaker try at once. */
  release(authority: string, connector: string, actor: string): Promise<void>;
  connectorStates(authority: string | null): Promise<readonly ConnectorState[]>;
  counts(authority: string | null): Promise<readonly DeliveryCount[]>;
}
