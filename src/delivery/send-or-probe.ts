import type { Receipt, Submission } from '../connector-api/connector.js';
import { Misconfigured } from '../connector-api/failures.js';
import { FORWARD_STEP } from '../domain/flow.js';
import { fieldsTaken } from '../domain/mapping.js';
import { notAfterRejection } from './advance-flow.js';
import type { Attempt, AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { isOpen, nextOpening } from './business-hours.js';
import { asFailure, callConnector, findConnector, type ConfiguredConnector } from './call-connector.js';
import { gather } from './gather.js';
import { prepare } from './prepare.js';

/** A submission that may be handed over now, and to whom. */
export interface Ready {
  readonly submission: Submission;
  readonly configured: ConfiguredConnector;
}

/** One attempt of a delivery in state `sending`. One that was marked is probed first, at any hour, and submitted, or gathered where
 * submissions travel together, only when absence is proved. After a rejection on its flow nothing is submitted. */
export async function sendOrProbe(attempt: Attempt, parts: AttemptParts): Promise<AttemptResult> {
  const ready = await makeReady(attempt, parts);
  if ('came' in ready) return ready;
  const { submission, configured } = ready;
  const probesFirst = attempt.claimed.delivery.markedAt !== null;
  const probed = probesFirst ? await probe(submission, attempt, configured, parts) : null;
  if (probed !== null) return probed;
  const gathering = gather(submission, attempt, configured);
  if (gathering === null) return submit(submission, attempt, configured, parts);
  return 'came' in gathering ? gathering : { came: 'gathered', load: gathering, absent: probesFirst };
}

/** Prepares what is to be handed over, if that may be done now. What was marked is prepared in any case: it is probed. */
export async function makeReady(attempt: Attempt, parts: AttemptParts): Promise<Ready | AttemptResult> {
  const { delivery } = attempt.claimed;
  const probesFirst = delivery.markedAt !== null;
  const stopped = probesFirst ? null : stoppedBy(attempt, false);
  if (stopped !== null) return stopped;
  const configured = findConnector(delivery, parts);
  if (configured instanceof Misconfigured) return { came: 'failure', failure: configured, during: 'preparation', unforeseen: false, marked: attempt.marked() };
  const closed = probesFirst ? null : closedNow(attempt, false);
  if (closed !== null) return closed;
  const submission = await prepareSubmission(attempt, configured, parts);
  return 'came' in submission ? submission : { submission, configured };
}

async function prepareSubmission(attempt: Attempt, { connector, authority }: ConfiguredConnector, parts: AttemptParts): Promise<Submission | AttemptResult> {
  const { claimed, context } = attempt;
  const { id, operation, foundAs } = claimed.delivery;
  try {
    const prepared = await prepare(claimed, authority, fieldsTaken(connector.manifest.operations[operation], Object.keys(claimed.step.fields)), parts.rules);
    if ('skip' in prepared) return { came: 'left-out', as: 'skipped', reason: prepared.skip, absent: false };
    if ('park' in prepared) return { came: 'unprepared', reason: prepared.park, fix: prepared.fix };
    for (const warning of prepared.warnings) context.logger.warn('A field was adapted to what the other side takes', { warning });
    return { key: id, operation, item: claimed.item, fields: prepared.fields, results: claimed.results, ...(foundAs === null ? {} : { foundAs }) };
  } catch (error) {
    return asFailure(error, attempt, 'preparation');
  }
}

/** Null when absence is proved and it may be submitted now. What an operator found there is not sent, whatever is proved. */
async function probe(submission: Submission, attempt: Attempt, configured: ConfiguredConnector, parts: AttemptParts): Promise<AttemptResult | null> {
  const { delivery } = attempt.claimed;
  const { connector, settings } = configured;
  const answer = await callConnector('probe', attempt, parts, () => connector.probe(submission, settings, attempt.context));
  if ('came' in answer) return answer;
  if (typeof answer.value === 'object') return received(answer.value.found, configured);
  if (delivery.foundAs !== null) return { came: 'unconfirmed', foundAs: delivery.foundAs, answer: answer.value };
  if (answer.value === 'unknown') return { came: 'unproved' };
  const stopped = stoppedBy(attempt, true);
  if (stopped !== null) return stopped;
  return delivery.attempts >= delivery.retry.maxAttempts ? { came: 'absent' } : closedNow(attempt, true);
}

async function submit(submission: Submission, attempt: Attempt, configured: ConfiguredConnector, parts: AttemptParts): Promise<AttemptResult> {
  const { connector, settings } = configured;
  const answer = await callConnector('submit', attempt, parts, () => connector.submit(submission, settings, attempt.context));
  return 'came' in answer ? answer : received(answer.value, configured);
}

/** What a receipt comes to. */
export function received(receipt: Receipt, { connector }: ConfiguredConnector): AttemptResult {
  if (receipt.state === 'sent' && connector.track === undefined) return { came: 'unanswerable', reference: receipt.reference };
  return { came: 'receipt', receipt };
}

function stoppedBy({ claimed: { delivery, rejectedStep } }: Attempt, absent: boolean): AttemptResult | null {
  return rejectedStep === null || delivery.role === 'return' || delivery.step === FORWARD_STEP ? null : { came: 'left-out', as: 'cancelled', reason: notAfterRejection(rejectedStep), absent };
}

function closedNow({ claimed: { step }, context }: Attempt, absent: boolean): AttemptResult | null {
  const now = context.clock.now();
  if (step.hours === null || isOpen(step.hours, now)) return null;
  return { came: 'closed', opensAt: nextOpening(step.hours, now), absent };
}
