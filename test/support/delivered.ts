import { DELIVERY_TRANSITIONS } from '../../src/domain/delivery-transitions.js';
import type { Delivery, DeliveryState } from '../../src/domain/delivery.js';
import type { DeliveryOutcome } from '../../src/delivery/store.js';

/** The state that an outcome leads to. */
export function stateAfter(outcome: DeliveryOutcome): DeliveryState {
  if (outcome.state === 'gathered') return 'ready';
  return outcome.state === 'pending' ? 'sent' : outcome.state;
}

/** The row as the ledger writes it after an attempt. Throws when the change of state is not one that is allowed. */
export function delivered(row: Delivery, outcome: DeliveryOutcome, now: number): Delivery {
  const state = stateAfter(outcome);
  if (state !== row.state && !DELIVERY_TRANSITIONS[row.state].has(state)) throw new Error(`not allowed: ${row.state} → ${state}`);
  const { dueAt, remoteReference, receiptData, reason, fix, cancelRefused } = { ...WRITES_NOTHING, ...outcome };
  return {
    ...row, state, stateSince: state === row.state ? row.stateSince : now, leaseOwner: null, leaseUntil: null,
    attempts: row.attempts + (countsAsAttempt(row, outcome) ? 1 : 0),
    polls: outcome.state === 'pending' ? row.polls + 1 : row.polls,
    dueAt: dueAt ?? row.dueAt,
    markedAt: markedAfter(row, outcome, now),
    remoteReference: remoteReference ?? row.remoteReference,
    receiptData: receiptData ?? row.receiptData,
    reason, fix,
    cancelRequested: row.cancelRequested && !cancelRefused,
    foundAs: outcome.state === 'sent' ? null : row.foundAs,
  };
}

function markedAfter({ markedAt }: Delivery, outcome: DeliveryOutcome, now: number): number | null {
  if ('cleared' in outcome && outcome.cleared) return null;
  return outcome.state === 'sent' ? markedAt ?? now : markedAt;
}

const WRITES_NOTHING = { dueAt: null, remoteReference: null, receiptData: null, reason: null, fix: null, cancelRefused: false };

/** A question is no attempt. */
function countsAsAttempt({ state }: Delivery, outcome: DeliveryOutcome): boolean {
  if ('countsAsAttempt' in outcome) return outcome.countsAsAttempt;
  return state === 'sending' && (outcome.state === 'sent' || outcome.state === 'done');
}
