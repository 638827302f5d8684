import assert from 'node:assert/strict';
import type { ConnectorContext, ItemNews, Receipt, ResultDocument, Submission, Tracking } from '../../connector-api/connector.js';
import type { SimulatedAnswer } from '../rehearsal.js';
import type { Stage } from '../stage.js';

/** Questions after which an answer that is there must have been brought back to the end. */
const QUESTIONS = 10;

/** What was handed over, with the receipt as it comes back from the store of Relais: as JSON. */
export interface HandedOver {
  readonly sent: Submission;
  readonly receipt: Receipt;
}

export async function handOverOne({ submission, submit, declared, rehearsal }: Stage): Promise<HandedOver> {
  const sent = submission();
  const receipt = asKept(await submit(sent));
  if (declared.answersLater === true && rehearsal.skips.answer === undefined) assert.equal(receipt.state, 'sent', 'the answer was not awaited');
  return { sent, receipt };
}

export function asKept<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

export function track({ connector, settings, context }: Stage, { receipt, sent }: HandedOver, change?: Partial<ConnectorContext>): Promise<Tracking> {
  assert.ok(connector.track !== undefined, 'the manifest says answersLater, and the connector has no track');
  return connector.track(receipt, { ...sent, fields: {} }, settings, context(change));
}

export async function answer({ other }: Stage, { sent }: Pick<HandedOver, 'sent'>, given: SimulatedAnswer): Promise<void> {
  assert.ok(other.answer !== undefined, 'the other side of an operation that answers later needs answer()');
  await other.answer(sent.item.uid, given);
}

/** As it is kept once a question brought `tracking`. */
export function afterQuestion(handed: HandedOver, tracking: Tracking): HandedOver {
  const data = tracking.state === 'pending' ? tracking.data : undefined;
  return data === undefined ? handed : { ...handed, receipt: asKept({ ...handed.receipt, data }) };
}

/** How it ended. */
export type Ending = Exclude<Tracking, { state: 'pending' }>;

/** Asks until the answer is there to the end, each time twice: where Relais stops before it has written down what it was told, it
 * asks again. Resolves with the end, with the documents that were brought back on the way, and with what
 * was told of the item. */
export async function askToTheEnd(stage: Stage, handed: HandedOver): Promise<{ readonly ending: Ending; readonly documents: readonly ResultDocument[]; readonly news: readonly ItemNews[] }> {
  const documents: ResultDocument[] = [];
  const news: ItemNews[] = [];
  let now = handed;
  for (let question = 0; question < QUESTIONS; question += 1) {
    const told = await track(stage, now);
    assert.deepEqual(await track(stage, now), told, 'asked again, because what it told was not written down, it tells something else');
    documents.push(...told.results?.documents ?? []);
    if (told.results?.item !== undefined) news.push(told.results.item);
    if (told.state !== 'pending') return { ending: told, documents, news };
    now = afterQuestion(now, told);
  }
  throw new assert.AssertionError({ message: `the other side has answered, and after ${QUESTIONS} questions it is still pending` });
}
