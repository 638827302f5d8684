import type { Receipt, Results, Tracking } from '../connector-api/connector.js';
import type { Delivery } from '../domain/delivery.js';
import type { AttemptResult } from './attempt-result.js';
import { backoff } from './backoff.js';
import type { Ending } from './bring-back.js';
import { pollInterval } from './poll-interval.js';
import type { BroughtBack, ClaimedDelivery, DeliveryOutcome } from './store.js';

export interface Situation {
  /** Epoch milliseconds. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly bringBack: (results: Results | undefined, ending: Ending) => BroughtBack;
}

type Claimed = Pick<ClaimedDelivery, 'delivery' | 'canary' | 'connectorFailures'>;
type Failed = Extract<AttemptResult, { came: 'failure' }>;

/** A remote may ask for patience, not for ever. */
const LONGEST_RETRY_AFTER_MS = 24 * 3_600_000;

/** In front of why a question failed. */
const NOT_ASKED = 'Its answer could not be asked for: ';

/** Decides what a claimed delivery becomes (DESIGN «Delivery semantics»). A mark is cleared only when the remote surely does
 * not have it: a failure of `submit` other than OutcomeUnknown, or absence proved by a probe. A probe that failed proves
 * nothing, and neither does anything about a delivery that was sent: that one is never submitted again. */
export function nextState(result: AttemptResult, claimed: Claimed, situation: Situation): DeliveryOutcome {
  const { delivery } = claimed;
  if (isStuck(result)) return needsSomeone(result, delivery);
  switch (result.came) {
    case 'receipt':
      return afterReceipt(result.receipt, situation);
    case 'tracked':
      return afterQuestion(result.tracking, delivery, situation);
    case 'no-news':
      return pending(nextQuestion(delivery, situation.now), stillTrue(delivery.reason));
    case 'gathered':
      return { state: 'gathered', load: result.load, cleared: result.absent };
    case 'failure':
      return afterFailure(result, claimed, situation);
    case 'interrupted':
      return afterInterruption(delivery, situation.now);
    case 'cancelling':
      return afterCancelling(result.refused, delivery, situation.now);
    case 'left-out':
      return { state: result.as, reason: result.reason };
    case 'closed':
      return outsideHours(result, situation.now);
  }
}

type Stuck = Extract<AttemptResult, { came: 'unproved' | 'unconfirmed' | 'absent' | 'unprepared' | 'unanswerable' }>;

const STUCK: ReadonlySet<AttemptResult['came']> = new Set<Stuck['came']>(['unproved', 'unconfirmed', 'absent', 'unprepared', 'unanswerable']);

function isStuck(result: AttemptResult): result is Stuck {
  return STUCK.has(result.came);
}

function afterReceipt({ state, reference, data, results, pollAfterMs }: Receipt, { now, bringBack }: Situation): DeliveryOutcome {
  if (state === 'done') return { state, remoteReference: reference, broughtBack: bringBack(results, { state, reference }) };
  return { state, remoteReference: reference, receiptData: data ?? null, dueAt: now + pollInterval(0, pollAfterMs), broughtBack: bringBack(results, { state }) };
}

function afterInterruption(delivery: Delivery, now: number): DeliveryOutcome {
  if (delivery.state === 'sent') return pending(now, delivery.reason);
  return { state: 'ready', dueAt: now, reason: 'The engine ended the attempt.', countsAsAttempt: false, cleared: false };
}

function afterCancelling(refused: string | null, delivery: Delivery, now: number): DeliveryOutcome {
  if (refused === null) return { state: 'cancelled', reason: 'Taken back from the other side, as an operator asked.' };
  return { ...pending(nextQuestion(delivery, now), refused), cancelRefused: true };
}

function outsideHours({ opensAt, absent }: Extract<AttemptResult, { came: 'closed' }>, now: number): DeliveryOutcome {
  if (opensAt === null) return parked('The hours of the step never open.', 'Correct the days, times and holidays of the step, for the items to come; cancel this delivery.', false, absent);
  return { state: 'ready', dueAt: Math.max(opensAt, now), reason: 'Outside the hours of the step.', countsAsAttempt: false, cleared: absent };
}

function needsSomeone(result: Stuck, delivery: Delivery): DeliveryOutcome {
  switch (result.came) {
    case 'unprepared':
      return parked(result.reason, result.fix, false, false);
    case 'absent':
      return givenUp('The other side does not have it.', delivery, true);
    case 'unproved':
      return parked('It was sent, no answer came, and the other side cannot tell whether it has it.',
        `Look on the other side for key ${delivery.id}. If it is there: ${settling(delivery)} --awaited, or without --awaited where no answer of it is to come; if it is missing: relais deliveries resend ${delivery.id} --yes`, true, false);
    case 'unconfirmed':
      return parked(`An operator found it on the other side as «${result.foundAs}»; connector «${delivery.connector}» ${result.answer === 'absent' ? 'does not find it there' : 'cannot confirm that'}.`, afterFinding(delivery), true, false);
    case 'unanswerable':
      return parked(`It was sent (reference ${result.reference}), but connector «${delivery.connector}» has no way to ask for the answer.`,
        `Correct the connector: an operation that answers later needs «track». Until then look for the answer on the other side; once it is there: ${settling(delivery)}`, true, false);
  }
}

/** What the other side calls it is left to be filled in: a text of theirs has no place in a command. */
function settling({ id }: Delivery): string {
  return `relais deliveries settle ${id} --reference <its reference there>`;
}

/** What was found there is not sent again but by an operator who says so. */
function afterFinding(delivery: Delivery): string {
  return `Look on the other side again. If it is there under another reference: ${settling(delivery)} --awaited; if its answer came: ${settling(delivery)}; if it is missing: relais deliveries resend ${delivery.id} --yes`;
}

function afterQuestion(tracking: Tracking, delivery: Delivery, situation: Situation): DeliveryOutcome {
  switch (tracking.state) {
    case 'pending':
      return {
        ...pending(nextQuestion(delivery, situation.now, tracking.pollAfterMs), tracking.note ?? null),
        ...(tracking.data === undefined ? {} : { receiptData: tracking.data }),
        ...(tracking.results === undefined ? {} : { broughtBack: situation.bringBack(tracking.results, { state: 'sent' }) }),
      };
    case 'done':
      return {
        state: 'done', remoteReference: delivery.remoteReference ?? delivery.id,
        broughtBack: situation.bringBack(tracking.results, { state: 'done', reference: delivery.remoteReference }),
      };
    case 'rejected':
      return { state: 'rejected', reason: tracking.reason, broughtBack: situation.bringBack(tracking.results, { state: 'rejected', reason: tracking.reason }) };
  }
}

/** A question changes nothing over there, so it may fail for weeks and is asked again; only a refusal needs someone. */
function afterFailedQuestion({ failure, during }: Failed, delivery: Delivery, { now }: Situation): DeliveryOutcome {
  if (failure.kind === 'refused' && during !== 'survey') return parked(failure.message, null, false, false);
  const asked = failure.kind === 'not-sent' ? patience(failure.retryAfterMs) : 0;
  return pending(Math.max(nextQuestion(delivery, now), now + asked), `${NOT_ASKED}${failure.message}`);
}

/** Where it stood when it last had news; that it could not be asked about is over. */
function stillTrue(reason: string | null): string | null {
  return reason?.startsWith(NOT_ASKED) === true ? null : reason;
}

function afterFailure(failed: Failed, claimed: Claimed, situation: Situation): DeliveryOutcome {
  const { failure, during, unforeseen } = failed;
  const { delivery } = claimed;
  if (delivery.state === 'sent') return afterFailedQuestion(failed, delivery, situation);
  const reason = failure.message;
  const cleared = during === 'submit' && failure.kind !== 'outcome-unknown';
  if (failure.kind === 'refused') return parked(reason, during === 'probe' && delivery.foundAs !== null ? afterFinding(delivery) : null, true, cleared);
  // What is wrong with the connector as a whole is not the fault of the delivery that shows it.
  const countsAsAttempt = failure.kind !== 'misconfigured' && (unforeseen || !claimed.canary);
  if (countsAsAttempt && mayBeTheLast(failed, claimed) && delivery.attempts + 1 >= delivery.retry.maxAttempts) return givenUp(reason, delivery, cleared);
  const asked = failure.kind === 'not-sent' ? patience(failure.retryAfterMs) : 0;
  const delay = Math.max(asked, backoff(delivery.retry, delivery.attempts + 1, situation.random));
  return { state: 'ready', dueAt: situation.now + delay, reason, countsAsAttempt, cleared };
}

/** A submit without an answer is probed even after the last attempt: only then is it known what to tell the operator. And
 * nobody is called for one delivery as long as its connector fails for all of them. */
function mayBeTheLast({ failure, during, unforeseen }: Failed, { connectorFailures }: Claimed): boolean {
  const isKnown = failure.kind === 'not-sent' || during === 'probe';
  return isKnown && (unforeseen || connectorFailures === 0);
}

function givenUp(reason: string, delivery: Delivery, cleared: boolean): DeliveryOutcome {
  const attempts = delivery.attempts + 1;
  return parked(`${reason} Given up after ${attempts} attempt${attempts === 1 ? '' : 's'}.`,
    `When the other side works again, retry it: relais deliveries retry ${delivery.id}`, true, cleared);
}

function parked(reason: string, fix: string | null, countsAsAttempt: boolean, cleared: boolean): DeliveryOutcome {
  return { state: 'parked', reason, fix, countsAsAttempt, cleared };
}

function pending(dueAt: number, reason: string | null): Extract<DeliveryOutcome, { state: 'pending' }> {
  return { state: 'pending', dueAt, reason };
}

function nextQuestion(delivery: Delivery, now: number, pollAfterMs?: number): number {
  return now + pollInterval(now - delivery.stateSince, pollAfterMs);
}

function patience(retryAfterMs: number | undefined): number {
  return Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
}
