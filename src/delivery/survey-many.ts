import { Misconfigured } from '../connector-api/failures.js';
import { askAbout, questionAbout } from './ask-about.js';
import { attempt, type Attempt, type AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { callConnector, findConnector } from './call-connector.js';
import type { Held } from './hold.js';
import type { Settle } from './settle.js';
import type { ClaimedDelivery } from './store.js';

const INTERRUPTED: AttemptResult = { came: 'interrupted' };

/** Asks about many that were sent in one call, and then about those that have news, one after the other. */
export async function surveyMany(held: readonly [Held, ...Held[]], parts: AttemptParts, settle: Settle): Promise<void> {
  const [first] = held;
  const began = parts.clock.now();
  const surveyed = await attempt([first], parts, (one) => survey(one, held.map(({ claimed }) => claimed), parts));
  const without = held.flatMap((one, index) => {
    const result = surveyed[index] ?? 'news';
    return result === 'news' ? [] : [{ one, result }];
  });
  // What one question says of the connector it says once. Where the first was lost, it was cut short for all.
  await Promise.all(without.map(({ one, result }, index) => settle(one, first.lost() ? INTERRUPTED : result, { began, counts: index === 0 })));
  for (const one of held.filter((_, index) => surveyed[index] === 'news')) {
    const asked = parts.clock.now();
    await settle(one, one.signal.aborted ? INTERRUPTED : await attempt([one], parts, (alone) => askAbout(alone, parts)), { began: asked });
  }
}

/** What the question says of each, in their order. `news`: it must be asked about by itself, as all must be where the connector has
 * no survey any more. */
async function survey(first: Attempt, claimed: readonly ClaimedDelivery[], parts: AttemptParts): Promise<readonly ('news' | AttemptResult)[]> {
  const configured = findConnector(first.claimed.delivery, parts);
  const ask = configured instanceof Misconfigured ? undefined : configured.connector.survey?.ask.bind(configured.connector.survey);
  if (configured instanceof Misconfigured || ask === undefined) return claimed.map(() => 'news');
  const answer = await callConnector('survey', first, parts, async () => new Set(await ask(claimed.map(questionAbout), configured.settings, first.context)));
  if ('came' in answer) return claimed.map(() => answer);
  return claimed.map(({ delivery }) => (answer.value.has(delivery.id) ? 'news' : { came: 'no-news' }));
}
