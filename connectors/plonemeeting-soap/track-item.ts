import { createHash } from 'node:crypto';
import type { ConnectorContext, ItemNews, Receipt, Results, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { CouncilItem } from '../../src/connector-api/deliberation.js';
import { bringDecision } from './bring-decision.js';
import type { CouncilSoapSettings } from './config.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { lookForItem } from './read-item.js';
import { isLinked } from './recognise.js';
import { WHO } from './service.js';

/** An index that is being rebuilt misses what is there: it has to be missed so often, each time some minutes later. */
const MISSES = 2;
const MISSED_AGAIN_MS = 5 * 60_000;

/** Where an item stands. Each time that something changed, what it says is brought back; once it has an end, also the documents
 * of the decision. */
export async function trackItem(receipt: Receipt, { item: ours }: Submission, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Tracking> {
  const data = dataOf(receipt);
  const found = await lookForItem(receipt.reference, ours.creator, settings, context);
  if (found === undefined) return lookForMissing(data, ours.configId, settings, context);
  const { item, seenAs } = found;
  const results: Results = { item: newsOf(item, seenAs === undefined), fields: { state: item.reviewState, url: item.address } };
  if (settings.finalStates.includes(item.reviewState)) {
    return { state: 'done', results: { ...results, documents: await bringDecision(item.uid, seenAs, settings, context) } };
  }
  const seen = createHash('sha256').update(JSON.stringify(results)).digest('hex');
  const known: ReceiptData = { ...data, seen, missed: 0 };
  return { state: 'pending', note: `In ${WHO}: «${item.reviewStateTitle === '' ? item.reviewState : item.reviewStateTitle}».`, data: known, ...seen !== data.seen && { results } };
}

/** Whoever may see it, an item that is there still has its identifier. */
async function lookForMissing(data: ReceiptData, configId: string, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Tracking> {
  if (await isLinked(data.externalIdentifier, configId, settings, context)) {
    return { state: 'pending', data: { ...data, missed: 0 } satisfies ReceiptData, note: `${WHO} shows the item neither to the account of Relais nor to its creator.` };
  }
  const missed = data.missed + 1;
  if (missed >= MISSES) return { state: 'rejected', reason: `The item was deleted in ${WHO}.` };
  return { state: 'pending', data: { ...data, missed } satisfies ReceiptData, pollAfterMs: MISSED_AGAIN_MS, note: `${WHO} does not find the item; it is looked for once more before it counts as deleted.` };
}

/** Its creator may be shown other words in place of a decision that is still being written: texts count as the account sees them. */
function newsOf({ reviewState, title, category, description, detailedDescription, motivation, decision, preferredMeeting, meeting }: CouncilItem, asAccount: boolean): ItemNews {
  const state = { reviewState, meeting: meeting?.uid ?? null };
  return asAccount ? { ...state, title, category: category?.id ?? null, description, detailedDescription, motivation, decision, preferredMeeting } : state;
}
