import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import type { TargetField } from '../../src/domain/mapping.js';
import { ACT_STATUSES } from './act-status.js';
import { createApi, field, type Api } from './api.js';
import { afterTheMark, beforeTheMark } from './before-the-mark.js';
import type { S2lowSettings } from './config.js';
import { exchangesOf, type Exchange } from './exchanges.js';
import { numberIn } from './found-as.js';
import { newTransaction } from './new-transaction.js';
import { readActStatus } from './read-status.js';
import { receiptOf } from './receipt.js';
import { transactionField } from './transaction-field.js';

export const cancelFields: Readonly<Record<string, TargetField>> = {
  act: { type: 'text', title: { fr: 'Numéro de transaction de l\'acte', en: 'Number of the transaction of the act' }, required: true },
};

const CANCELLATION = '6';

/** Only an act in this status can be cancelled (contracts/s2low.md §3.9). */
const ACKNOWLEDGED = 4;

/** Asks the prefecture to cancel an act. One request of an act that is under way, or was granted, is taken for it. */
export async function cancelAct(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Receipt> {
  const act = transactionField(submission, 'act');
  const api = createApi(settings, context);
  await beforeTheMark(api.requireAccess());
  const there = await beforeTheMark(findCancellation(api, act));
  if (there !== null) return cancellationReceipt(there.id, act, context);
  await beforeTheMark(requireCancellable(api, act));
  await context.markSent();
  const answer = await api.post('/modules/actes/actes_transac_cancel.php', [field('id', act)]);
  if (answer.ok) return cancellationReceipt(newTransaction(answer.lines, api.who), act, context);
  const made = await afterTheMark(findCancellation(api, act));
  if (made !== null) return cancellationReceipt(made.id, act, context);
  throw await api.refusal(answer.words);
}

export async function probeCancellation(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Probe> {
  const act = transactionField(submission, 'act');
  const api = createApi(settings, context);
  if (submission.foundAs !== undefined) return { found: cancellationReceipt(await confirmCancellation(api, act, submission.foundAs), act, context) };
  const there = await findCancellation(api, act);
  return there === null ? 'absent' : { found: cancellationReceipt(there.id, act, context) };
}

/** One that failed stands in nobody's way. */
async function findCancellation(api: Api, act: string): Promise<Exchange | null> {
  return (await exchangesOf(api, act)).find(({ type, status }) => type === CANCELLATION && status > 0) ?? null;
}

/** Throws Refused for what is no request to cancel this act. */
async function confirmCancellation(api: Api, act: string, foundAs: string): Promise<string> {
  const transaction = numberIn(foundAs, 'actes');
  if ((await exchangesOf(api, act)).some(({ type, id }) => type === CANCELLATION && id === transaction)) return transaction;
  throw new Refused(`S2LOW lists no transaction ${transaction} that asks for the cancellation of the act ${act}.`);
}

async function requireCancellable(api: Api, act: string): Promise<void> {
  const standing = await readActStatus(api, act);
  if ('refused' in standing) throw new Refused(`Field «act»: S2LOW does not know the act ${act}: «${standing.refused}».`);
  if (standing.status === ACKNOWLEDGED) return;
  throw new Refused(`The act ${act} is ${ACT_STATUSES.get(standing.status)?.words.en ?? `in status ${standing.status}`}. Only an act that the prefecture has acknowledged, and that was not closed since, can be cancelled.`);
}

function cancellationReceipt(transaction: string, act: string, { clock }: ConnectorContext): Receipt {
  return receiptOf({ kind: 'cancellation', transaction, act, sentAt: clock.now() });
}
