import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { Connector, ConnectorContext, Probe, Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import { readAnswer } from './answer.js';
import { ask, post } from './client.js';
import { webhookSettings, type WebhookSettings } from './config.js';
import { pollAfter, receiptOf, resultsOf, statusUrlIn } from './receipt.js';

/** Posts items to an HTTP address of a receiver, which answers at once or later. */
export const webhook: Connector<WebhookSettings> = {
  manifest: {
    id: 'webhook',
    title: { fr: 'Appel HTTP (webhook)', en: 'HTTP call (webhook)' },
    kinds: ['*'],
    operations: { post: { idempotence: 'client-key', anyField: true, answersLater: true } },
  },
  settings: webhookSettings,
  check,
  submit,
  probe,
  track,
};

async function check(settings: WebhookSettings, context: ConnectorContext): Promise<void> {
  try {
    const answer = await ask(settings.url, settings, context, settings.checkMethod);
    const failure = await httpFailure(answer, hostOf(settings), context.clock.now());
    // It is there and lets us in; that it wants something else than a question is no matter.
    if (answer.status < 300 || answer.status === 405 || failure instanceof Refused) return;
    throw failure;
  } catch (error) {
    throw checkFailed(error, 'The receiver could not be tried.');
  }
}

async function submit(submission: Submission, settings: WebhookSettings, context: ConnectorContext): Promise<Receipt> {
  if (submission.operation !== 'post') throw new Misconfigured(`The webhook connector does «post», not «${submission.operation}».`);
  if (settings.body === 'multipart') for (const annex of submission.item.annexes) await proveAnnex(annex, context);
  await context.markSent();
  const answer = await post(submission, settings, context);
  if (answer.status < 200 || answer.status > 299) throw await refusal(answer, settings, context);
  return receiptOf(answer, await readAnswer(answer), submission.key, settings, context);
}

/** `absent` only where the receiver says so in words (a 404 may come from a wrong address), or where it promises that a
 * repeat has no effect, so that sending again proves it. */
async function probe({ key }: Submission, settings: WebhookSettings, context: ConnectorContext): Promise<Probe> {
  const { probeUrl, idempotent } = settings;
  if (probeUrl === undefined) return idempotent ? 'absent' : 'unknown';
  const answer = await ask(probeUrl.replaceAll('{key}', encodeURIComponent(key)), settings, context);
  if (![200, 202, 404].includes(answer.status)) throw await httpFailure(answer, hostOf(settings), context.clock.now());
  const read = await readAnswer(answer);
  if (read.status === 'absent') return 'absent';
  return answer.status === 404 ? 'unknown' : { found: await receiptOf(answer, read, key, settings, context) };
}

async function track(receipt: Receipt, _submission: Submission, settings: WebhookSettings, context: ConnectorContext): Promise<Tracking> {
  const answer = await ask(statusUrlIn(receipt), settings, context);
  if (answer.status < 200 || answer.status > 299) throw await httpFailure(answer, hostOf(settings), context.clock.now());
  const read = await readAnswer(answer);
  if (read.status === 'absent') throw new Refused('The receiver does not know this delivery any more.');
  if (read.status === undefined || read.status === 'pending') return { state: 'pending', ...(read.note !== undefined && { note: read.note }), ...pollAfter(answer, context) };
  const results = await resultsOf(read, settings, context);
  const brought = results !== undefined && { results };
  return read.status === 'done' ? { state: 'done', ...brought } : { state: 'rejected', reason: read.reason ?? 'The receiver gave no reason.', ...brought };
}

/** A receiver that keeps keys answers 409 while it is still busy with this one. */
async function refusal(answer: Parameters<typeof httpFailure>[0], settings: WebhookSettings, { clock }: ConnectorContext): Promise<Error> {
  const failure = await httpFailure(answer, hostOf(settings), clock.now());
  return answer.status === 409 && settings.idempotent ? new OutcomeUnknown(failure.message) : failure;
}

function hostOf({ url }: WebhookSettings): string {
  return new URL(url).origin;
}
