import type { Receipt, Sent, Submission } from '../connector-api/connector.js';
import { Misconfigured } from '../connector-api/failures.js';
import type { Attempt, AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { callConnector, findConnector, type ConfiguredConnector } from './call-connector.js';
import type { ClaimedDelivery } from './store.js';

/** One question about a delivery that was sent: whether it can be taken back, where an operator asked for that, or what
 * became of it. */
export async function askAbout(attempt: Attempt, parts: AttemptParts): Promise<AttemptResult> {
  const { delivery } = attempt.claimed;
  const configured = findConnector(delivery, parts);
  if (configured instanceof Misconfigured) return { came: 'failure', failure: configured, during: 'track', unforeseen: false, marked: true };
  const { receipt, submission } = questionAbout(attempt.claimed);
  if (delivery.cancelRequested) return takeBack(receipt, submission, attempt, configured, parts);

  const { connector, settings } = configured;
  if (connector.track === undefined) return { came: 'unanswerable', reference: receipt.reference };
  const track = connector.track.bind(connector);
  const answer = await callConnector('track', attempt, parts, () => track(receipt, submission, settings, attempt.context));
  return 'came' in answer ? answer : { came: 'tracked', tracking: answer.value };
}

/** What a connector is given to ask about a delivery. Nothing is mapped anew: the item has moved on since it was sent. */
export function questionAbout({ delivery, item, results }: Pick<ClaimedDelivery, 'delivery' | 'item' | 'results'>): Sent {
  return {
    receipt: { reference: delivery.remoteReference ?? '', state: 'sent', data: delivery.receiptData },
    submission: { key: delivery.id, operation: delivery.operation, item, fields: {}, results },
  };
}

async function takeBack(receipt: Receipt, submission: Submission, attempt: Attempt, { connector, settings }: ConfiguredConnector, parts: AttemptParts): Promise<AttemptResult> {
  const cancel = connector.cancel?.bind(connector);
  if (cancel === undefined) return { came: 'cancelling', refused: `Connector «${attempt.claimed.delivery.connector}» cannot take back what was sent; its answer is still awaited.` };
  const answer = await callConnector('cancel', attempt, parts, () => cancel(receipt, submission, settings, attempt.context));
  if ('came' in answer) return answer.failure.kind === 'refused' ? { came: 'cancelling', refused: answer.failure.message } : answer;
  if (answer.value === 'cancelled') return { came: 'cancelling', refused: null };
  const why = answer.value === 'too-late' ? 'It is too late to take it back, the other side has gone on with it' : answer.value.tooLate.replace(/[.\s]+$/, '');
  return { came: 'cancelling', refused: `${why}; its answer is still awaited.` };
}
