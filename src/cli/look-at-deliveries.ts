import type { DeliveryOperations, DeliverySummary } from '../delivery/operations.js';
import { RelaisError } from '../errors.js';
import { dateWriter, durationInWords } from '../history/dates.js';
import type { Telling } from '../history/describe-now.js';
import { reasonInWords } from '../history/reason-in-words.js';
import { stateName, wordsOf } from '../history/words.js';
import { LOCAL_ZONE, requireAuthority, type LookOptions } from './command-environment.js';

/** The deliveries with these ids. Throws RELAIS_DELIVERY_UNKNOWN when one is not there. */
export async function requireDeliveries(operations: Pick<DeliveryOperations, 'list'>, authority: string, ids: readonly string[]): Promise<readonly DeliverySummary[]> {
  const found = await operations.list(authority, { ids }, { limit: ids.length });
  const missing = ids.filter((id) => !found.some((delivery) => delivery.id === id));
  if (missing.length === 0) return found;
  requireAuthority(authority);
  throw new RelaisError('RELAIS_DELIVERY_UNKNOWN', `found ${missing.join(', ')}, expected ids of deliveries of authority ${authority} (for all of an item: --item <UID>)`);
}

/** With what something is told on the terminal, now. */
export function tellingOf({ lang }: Pick<LookOptions, 'lang'>): Telling {
  return { words: wordsOf(lang), date: dateWriter(LOCAL_ZONE), now: Date.now() };
}

/** One delivery in a list: where it is, and why. */
export function listLines(delivery: DeliverySummary, { words, now }: Telling): string[] {
  const { id, stateSince, connector, step, itemTitle, itemUid, reason } = delivery;
  const where = `${id}  ${stateName(words, delivery)}, ${words.since(durationInWords(now - stateSince, words))}  ${connector}/${step}  ${words.item(itemTitle, itemUid)}`;
  return [where, ...reasonInWords(reason, words).map((line) => `  ${line}`)];
}
