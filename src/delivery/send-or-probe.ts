import type { Receipt, Submission } from '../connector-api/connector.js';
import { Misconfigured } from '../connector-api/failures.js';
import { fieldsTaken } from '../domain/mapping.js';
import { notAfterRejection } from './advance-flow.js';
import type { Attempt, AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { isOpen, nextOpening } from './business-hours.js';
import { asFailure, callConnector, findConnector, type ConfiguredConnector } from './call-connector.js';
import { prepare } from './prepare.js';

/** One attempt of a delivery in state `sending`. One that was marked is probed first, at any hour, and submitted only when
 * absence is proved. After a rejection on its flow nothing is submitted. */
export async function sendOrProbe(attempt: Attempt, parts: AttemptParts): Promise<AttemptResult> {
  const { delivery } = attempt.claimed;
  const probesFirst = delivery.markedAt !== null;
  const stopped = probesFirst ? null : stoppedBy(attempt, false);
  if (stopped !== null) return stopped;
  const configured = findConnector(delivery, parts);
  if (configured instanceof Misconfigured) return { came: 'failure', failure: configured, during: 'preparation', unforeseen: false, marked: attempt.marked() };
  const closed = probesFirst ? null : closedNow(attempt, false);
  if (closed !== null) return closed;
  const submission = await prepareSubmission(attempt, configured, parts);
  if ('came' in submission) return submission;
  const probed = probesFirst ? await probe(submission, attempt, configured, parts) : null;
  return probed ?? await submit(submission, attempt, configured, parts);
}

async function prepareSubmission(attempt: Attempt, { connector, authority }: ConfiguredConnector, parts: AttemptParts): Promise<Submission | AttemptResult> {
  const { claimed, context } = attempt;
  const { id, operation } = claimed.delivery;
  try {
    const prepared = await prepare(claimed, authority, fieldsTaken(connector.manifest.operations[operation], Object.keys(claimed.step.fields)), parts.rules);
    if ('skip' in prepared) return { came: 'left-out', as: 'skipped', reason: prepared.skip, absent: false };
    if ('park' in prepared) return { came: 'unprepared', reason: prepared.park, fix: prepared.fix };
    for (const warning of prepared.warnings) context.logger.warn('A field was adapted to what the other side takes', { warning });
    return { key: id, operation, item: claimed.item, fields: prepared.fields, results: claimed.results };
  } catch (error) {
    return asFailure(error, attempt, 'preparation');
  }
}

/** Null when absence is proved and it may be submitted now. */
async function probe(submission: Submission, attempt: Attempt, configured: ConfiguredConnector, parts: AttemptParts): Promise<AttemptResult | null> {
  const { delivery } = attempt.claimed;
  const { connector, settings } = configured;
  const answer = await callConnector('probe', attempt, parts, () => connector.probe(submission, settings, attempt.context));
  if ('came' in answer) return answer;
  if (answer.value === 'unknown') return { came: 'unproved' };
  if (answer.value !== 'absent') return received(answer.value.found, configured);
  const stopped = stoppedBy(attempt, true);
  if (stopped !== null) return stopped;
  return delivery.attempts >= delivery.retry.maxAttempts ? { came: 'absent' } : closedNow(attempt, true);
}

async function submit(submission: Submission, attempt: Attempt, configured: ConfiguredConnector, parts: AttemptParts): Promise<AttemptResult> {
  const { connector, settings } = configured;
  const answer = await callConnector('submit', attempt, parts, () => connector.submit(submission, settings, attempt.context));
  return 'came' in answer ? answer : received(answer.value, configured);
}

function received(receipt: Receipt, { connector }: ConfiguredConnector): AttemptResult {
  if (receipt.state === 'sent' && connector.track === undefined) return { came: 'unanswerable', reference: receipt.reference };
  return { came: 'receipt', receipt };
}

function stoppedBy({ claimed: { delivery, rejectedStep } }: Attempt, absent: boolean): AttemptResult | null {
  return rejectedStep === null || delivery.role === 'return' ? null : { came: 'left-out', as: 'cancelled', reason: notAfterRejection(rejectedStep), absent };
}

function closedNow({ claimed: { step }, context }: Attempt, absent: boolean): AttemptResult | null {
  const now = context.clock.now();
  if (step.hours === null || isOpen(step.hours, now)) return null;
  return { came: 'closed', opensAt: nextOpening(step.hours, now), absent };
}
