import { createHash } from 'node:crypto';
import type { ConnectorContext, ItemNews, Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { CouncilItem } from '../../src/connector-api/deliberation.js';
import type { CouncilSoapSettings } from './config.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { lookForItem } from './read-item.js';
import { isLinked } from './recognise.js';
import { WHO } from './service.js';

/** An index that is being rebuilt misses what is there: it has to be missed twice, so long apart. */
const MISSED_MS = 5 * 60_000;

/** Where an item stands. Each time that something changed, all that it says is brought back. */
export async function trackItem(receipt: Receipt, { item }: Submission, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Tracking> {
  const data = dataOf(receipt);
  const found = await lookForItem(receipt.reference, item.creator, settings, context);
  if (found === undefined) return lookForMissing(data, item.configId, settings, context);
  const news = newsOf(found);
  if (settings.finalStates.includes(found.reviewState)) return { state: 'done', results: { item: news } };
  const seen = createHash('sha256').update(JSON.stringify(news)).digest('hex');
  const note = `${WHO}: ${stateInWords(found)}.`;
  return { state: 'pending', note, data: { ...data, seen, missingSince: null } satisfies ReceiptData, ...seen !== data.seen && { results: { item: news } } };
}

/** Whoever may see it, an item that is there still has its identifier. */
async function lookForMissing(data: ReceiptData, configId: string, settings: CouncilSoapSettings, context: ConnectorContext): Promise<Tracking> {
  if (await isLinked(data.externalIdentifier, configId, settings, context)) {
    return { state: 'pending', data: { ...data, missingSince: null }, note: `${WHO} has it, and shows it neither to the account of Relais nor to its creator; its end is awaited.` };
  }
  const now = context.clock.now();
  const since = data.missingSince ?? now;
  if (now - since >= MISSED_MS) return { state: 'rejected', reason: `${WHO} does not have the item any more: it was deleted over there.` };
  return { state: 'pending', data: { ...data, missingSince: since }, pollAfterMs: MISSED_MS - (now - since), note: `${WHO} does not find the item; it is looked for once more before it counts as deleted.` };
}

function newsOf({ reviewState, title, category, description, detailedDescription, motivation, decision, preferredMeeting, meeting }: CouncilItem): ItemNews {
  return { reviewState, title, category: category?.id ?? null, description, detailedDescription, motivation, decision, preferredMeeting, meeting: meeting?.uid ?? null };
}

function stateInWords({ reviewState, reviewStateTitle }: CouncilItem): string {
  return reviewStateTitle === '' || reviewStateTitle === reviewState ? reviewState : `${reviewStateTitle} (${reviewState})`;
}
