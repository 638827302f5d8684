import type { Connector, ConnectorContext } from '../connector-api/connector.js';
import type { AttemptResult } from './attempt-result.js';
import { connectorContext, type ContextParts } from './connector-context.js';
import { TakenOver, type Held, type HoldParts } from './hold.js';
import type { StepRules } from './prepare.js';
import type { ClaimedDelivery, DeliveryStore } from './store.js';

export interface AttemptParts extends ContextParts, HoldParts {
  readonly store: Pick<DeliveryStore, 'markSent' | 'extendLease'>;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly rules: StepRules;
  /** An attempt that takes longer is aborted, milliseconds. */
  readonly attemptMs: number;
}

/** One attempt of a claimed delivery: what the connector gets, and what the engine knows of it. */
export interface Attempt {
  readonly claimed: ClaimedDelivery;
  readonly context: ConnectorContext;
  /** A mark is on disk. */
  readonly marked: () => boolean;
  /** After the mark the connector kept what was given back: the other side has answered. */
  readonly answered: () => boolean;
}

/** Lets `work` attempt what is held, one delivery or the load that several make: a mark is that of all of them, and all of them
 * must be ours to the end. It gets an attempt for each, with a context that they share. */
export async function attempt<Result>(held: readonly [Held, ...Held[]], parts: AttemptParts, work: (...attempts: [Attempt, ...Attempt[]]) => Promise<Result>): Promise<Result> {
  const own = new AbortController();
  const signal = AbortSignal.any([own.signal, ...held.map((one) => one.signal)]);
  const endLimit = parts.timer.after(parts.attemptMs, () => own.abort(new Error(`The attempt took longer than ${parts.attemptMs / 1000} s.`)));
  let answered = false;
  const [first, ...others] = held;
  const context = connectorContext(first.claimed.delivery, parts, signal, {
    markSent: () => markAll(held, parts, own, signal),
    // What was sent is asked about: nothing of it depends on a mark.
    keeping: () => { answered ||= first.marked() && first.claimed.delivery.state !== 'sent'; },
  });
  const attemptOf = ({ claimed, marked }: Held): Attempt => ({ claimed, context, marked, answered: () => answered });
  try {
    return await work(attemptOf(first), ...others.map(attemptOf));
  } finally {
    endLimit();
    // A connector that goes on after its time can no longer mark.
    own.abort();
  }
}

async function markAll(held: readonly Held[], { store }: AttemptParts, own: AbortController, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const unsent = held.filter(({ claimed }) => claimed.delivery.state !== 'sent');
  if (unsent.length > 0 && await store.markSent(...unsent.map(({ claimed }) => claimed.delivery))) for (const one of unsent) one.noteMark();
  else if (unsent.length === 1) unsent[0]?.lose();
  // Whose lease it is that was lost shows when the outcomes are written.
  else if (unsent.length > 1) own.abort(new TakenOver());
  signal.throwIfAborted();
}

/** What an attempt came to, as far as it may be written down: `lease-lost` when another node has the delivery. Rejects only when
 * the store does. */
export async function conclude(held: Held, result: AttemptResult, { store }: Pick<AttemptParts, 'store'>): Promise<AttemptResult | 'lease-lost'> {
  const { delivery } = held.claimed;
  // The connector forgot its mark; without one the next attempt would be a blind resend.
  if (mayBeThere(result) && !held.marked() && delivery.state !== 'sent' && !await store.markSent(delivery)) held.lose();
  if (held.lost()) return 'lease-lost';
  return held.stopped() && wasCutShort(result) ? { came: 'interrupted' } : result;
}

function mayBeThere(result: AttemptResult): boolean {
  return result.came === 'unanswerable' || (result.came === 'failure' && result.failure.kind === 'outcome-unknown');
}

function wasCutShort(result: AttemptResult): boolean {
  return result.came === 'failure' && result.failure.kind !== 'refused' && result.failure.kind !== 'misconfigured';
}
