import type { Receipt } from '../connector-api/connector.js';
import type { Failure } from '../connector-api/failures.js';
import type { Delivery } from '../domain/delivery.js';
import { backoff } from './backoff.js';
import type { DeliveryOutcome } from './store.js';

/** How far an attempt got: `preparation` is before the connector is called. */
export type Phase = 'preparation' | 'probe' | 'submit';

/** What one attempt came to. */
export type AttemptResult =
  | { readonly came: 'receipt'; readonly receipt: Receipt }
  | { readonly came: 'failure'; readonly failure: Failure; readonly during: Phase }
  /** The probe answered that it cannot tell. */
  | { readonly came: 'unproved' }
  /** The engine stopped before the attempt could end. */
  | { readonly came: 'interrupted' };

export interface Situation {
  readonly now: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** How many times in a row the connector has reported Misconfigured, this one included. */
  readonly misconfigured: number;
}

/** Waiting for an administrator: soon enough to notice a correction, rare enough to disturb nobody. */
const MISCONFIGURED_DELAYS = { firstDelayMs: 30_000, factor: 2, maxDelayMs: 15 * 60_000 };

/** A remote may ask for patience, not for ever. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** Decides what a delivery becomes (DESIGN «Delivery semantics»). `cleared` is true only when the remote surely does not
 * have it: a failure of `submit` other than OutcomeUnknown. A failed probe proves nothing, so the mark stays. */
export function nextState(result: AttemptResult, delivery: Delivery, situation: Situation): DeliveryOutcome {
  switch (result.came) {
    case 'receipt':
      return { state: result.receipt.state, remoteReference: result.receipt.reference };
    case 'unproved':
      return {
        state: 'parked',
        reason: 'It was sent, no answer came, and the other side cannot tell whether it has it. '
          + `Look there for key ${delivery.id}: if it is missing retry the delivery, otherwise close it.`,
      };
    case 'interrupted':
      return { state: 'ready', dueAt: situation.now, reason: 'The engine stopped during the attempt.', countsAsAttempt: false, cleared: false };
    case 'failure':
      return afterFailure(result.failure, result.during, delivery, situation);
  }
}

function afterFailure(failure: Failure, during: Phase, delivery: Delivery, situation: Situation): DeliveryOutcome {
  const reason = failure.message;
  switch (failure.kind) {
    case 'refused':
      return { state: 'parked', reason };
    case 'misconfigured': {
      const delay = backoff(MISCONFIGURED_DELAYS, situation.misconfigured, situation.random);
      return { state: 'ready', dueAt: situation.now + delay, reason, countsAsAttempt: false, cleared: during === 'submit' };
    }
    case 'outcome-unknown':
      // A submit without an answer is probed even after the last attempt: only then is it known what to tell the operator.
      return during === 'probe' && isLast(delivery) ? givenUp(reason, delivery) : retry(reason, 0, false, delivery, situation);
    case 'not-sent':
      if (isLast(delivery)) return givenUp(reason, delivery);
      return retry(reason, failure.retryAfterMs ?? 0, during === 'submit', delivery, situation);
  }
}

function isLast(delivery: Delivery): boolean {
  return delivery.attempts + 1 >= delivery.retry.maxAttempts;
}

function givenUp(reason: string, delivery: Delivery): DeliveryOutcome {
  const attempts = delivery.attempts + 1;
  return { state: 'parked', reason: `${reason} Given up after ${attempts} attempt${attempts === 1 ? '' : 's'}.` };
}

function retry(reason: string, retryAfterMs: number, cleared: boolean, delivery: Delivery, situation: Situation): DeliveryOutcome {
  const asked = Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  const delay = Math.max(asked, backoff(delivery.retry, delivery.attempts + 1, situation.random));
  return { state: 'ready', dueAt: situation.now + delay, reason, countsAsAttempt: true, cleared };
}
