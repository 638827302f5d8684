import type { Arrival, SimulatedAnswer } from '../../src/connector-kit/rehearsal.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import type { Cancellation, Exchange, FiledAct, Reply } from '../../src/state-desk/exchange.js';
import type { StateDesk } from '../../src/state-desk/state-desk.js';

/** What the connector sends to the prefecture. */
export type SentExchange = FiledAct | Reply | Cancellation;

/** What the connector sent, in the order in which it came. Over there an item is known by the name of its file, the number of its act, or the
 * transaction that it is about. */
export function arrivals({ treasury, prefecture }: StateDesk): readonly Arrival[] {
  return [
    ...treasury.list().map(({ file }) => ({ itemUid: file.filename, files: [file.sha256], fields: { file: file.filename } })),
    ...prefecture.list().filter(isSent).map((one) => ({ itemUid: nameOf(one), files: 'documents' in one ? one.documents.map(({ sha256 }) => sha256) : [], fields: { ...fieldsOf(one), ...(one.kind === 'reply' && { act: aboutLetter(prefecture.find(one.about)) }) } })),
  ];
}

/** Treasury or prefecture answers what arrived under this name. Rejects where nothing did. */
export async function answerArrival(itemUid: string, answer: SimulatedAnswer, { treasury, prefecture }: StateDesk): Promise<void> {
  const content = answer.state === 'done' ? answer.documents[0]?.content : undefined;
  const flow = treasury.list().find(({ file }) => file.filename === itemUid);
  if (flow !== undefined) {
    await treasury.answer(flow.id, answer.state === 'rejected' ? { verdict: 'reject', label: answer.reason } : { verdict: content === undefined ? 'accept' : { acquit: content } });
    return;
  }
  const sent = prefecture.list().filter(isSent).find((one) => nameOf(one) === itemUid);
  if (sent === undefined) throw new Error(`nothing arrived under ${itemUid}`);
  if (answer.state === 'rejected') await prefecture.answer(sent.id, { verdict: 'anomaly', detail: answer.reason });
  else await prefecture.answer(sent.id, { verdict: 'accept', ...(content !== undefined && (sent.kind === 'act' ? { stamped: content } : { message: content })) });
}

/** Id of the act that a letter is about. */
function aboutLetter(letter: Exchange | undefined): string {
  return letter?.kind === 'letter' ? letter.about : '';
}

function isSent(exchange: Exchange): exchange is SentExchange {
  return exchange.kind === 'act' || exchange.kind === 'reply' || exchange.kind === 'cancellation';
}

function nameOf(sent: SentExchange): string {
  return sent.kind === 'act' ? sent.number : sent.about;
}

/** By their name in the manifest. What only the platform learns later, such as the day of publication, is not among them. */
function fieldsOf(sent: SentExchange): Readonly<Record<string, FieldValue>> {
  if (sent.kind === 'cancellation') return { act: sent.about };
  const [main, ...annexes] = sent.documents;
  const documents = { mainDocument: main?.postedAs ?? '', typology: main?.typology ?? '', annexes: annexes.map(({ postedAs }) => postedAs), annexTypologies: annexes.map(({ typology }) => typology) };
  if (sent.kind === 'reply') return { ...documents, letter: sent.about, action: sent.refuses ? 'refuse' : 'send' };
  const { number, nature, matter, date, subject, paperFollows } = sent;
  return { ...documents, number, nature, classification: matter, decisionDate: date, subject, paperFollows };
}
