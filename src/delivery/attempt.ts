import type { Connector, ConnectorContext } from '../connector-api/connector.js';
import type { AttemptResult } from './attempt-result.js';
import { askAbout } from './ask-about.js';
import { connectorContext, type ContextParts } from './connector-context.js';
import { keepLease, type LeaseEnd } from './keep-lease.js';
import type { StepRules } from './prepare.js';
import { sendOrProbe } from './send-or-probe.js';
import type { ClaimedDelivery, DeliveryStore } from './store.js';
import type { Timer } from './timer.js';

export interface AttemptParts extends ContextParts {
  readonly store: Pick<DeliveryStore, 'markSent' | 'extendLease'>;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly rules: StepRules;
  readonly timer: Timer;
  readonly leaseMs: number;
  /** An attempt that takes longer is aborted, milliseconds. */
  readonly attemptMs: number;
}

/** One attempt of a claimed delivery: what the connector gets, and what the engine knows of it. */
export interface Attempt {
  readonly claimed: ClaimedDelivery;
  readonly context: ConnectorContext;
  /** A mark is on disk. */
  readonly marked: () => boolean;
}

/** Carries out one claimed delivery: what was sent is asked for, or taken back; what was marked is probed; the rest is
 * submitted. Resolves with `lease-lost` when another node has it, and nothing may be written then. Rejects only when the
 * store does. */
export async function carryOut(claimed: ClaimedDelivery, parts: AttemptParts, stop: AbortSignal): Promise<AttemptResult | 'lease-lost'> {
  const { delivery } = claimed;
  const own = new AbortController();
  let marked = delivery.markedAt !== null;
  let leaseLost = false;
  const loseLease = (): void => {
    leaseLost = true;
    own.abort(new Error('Another node has taken this delivery over.'));
  };
  const markSent = async (): Promise<void> => {
    own.signal.throwIfAborted();
    if (delivery.state === 'sent') return;
    if (await parts.store.markSent(delivery)) marked = true;
    else loseLease();
    own.signal.throwIfAborted();
  };
  const onStop = (): void => own.abort(stop.reason);
  const onLeaseEnd = (why: LeaseEnd): void => {
    if (why === 'taken') loseLease();
    // It may still be ours when the outcome is written; the write is guarded.
    else own.abort(new Error('The store could not be reached for so long that another node may take this delivery over.'));
  };
  const endLease = keepLease(delivery, parts.leaseMs, parts, onLeaseEnd);
  const endLimit = parts.timer.after(parts.attemptMs, () => own.abort(new Error(`The attempt took longer than ${parts.attemptMs / 1000} s.`)));
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop);
  try {
    const attempt: Attempt = { claimed, context: connectorContext(delivery, parts, own.signal, markSent), marked: () => marked };
    const result = await (delivery.state === 'sent' ? askAbout(attempt, parts) : sendOrProbe(attempt, parts));
    // The connector forgot its mark; without one the next attempt would be a blind resend.
    if (mayBeThere(result) && !marked && delivery.state !== 'sent' && !await parts.store.markSent(delivery)) leaseLost = true;
    if (leaseLost) return 'lease-lost';
    return stop.aborted && wasCutShort(result) ? { came: 'interrupted' } : result;
  } finally {
    stop.removeEventListener('abort', onStop);
    endLease();
    endLimit();
    // A connector that goes on after its time can no longer mark.
    own.abort();
  }
}

function mayBeThere(result: AttemptResult): boolean {
  return result.came === 'unanswerable' || (result.came === 'failure' && result.failure.kind === 'outcome-unknown');
}

function wasCutShort(result: AttemptResult): boolean {
  return result.came === 'failure' && result.failure.kind !== 'refused' && result.failure.kind !== 'misconfigured';
}
