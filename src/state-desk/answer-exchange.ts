import { writeAnomalieActe, writeArActe, writeArAnnulation } from '../formats/actes/write-ar-acte.js';
import { writeArReply } from '../formats/actes/write-letter.js';
import { actContent, LETTER_NUMBERS } from './act-content.js';
import { businessName } from './act-names.js';
import type { Cancellation, Exchange, FiledAct, Reply } from './exchange.js';
import { StateRefusal } from './state-refusal.js';
import type { PrefectureParts } from './prefecture-parts.js';

/** What the prefecture says of an act, a reply or a cancellation. `message`: these bytes in place of its receipt. `stamped`: these bytes as the
 * stamped main document. */
export type ActAnswer =
  | { readonly verdict: 'accept'; readonly message?: Buffer; readonly stamped?: Buffer; readonly receivedOn?: string }
  | { readonly verdict: 'anomaly'; readonly nature?: string; readonly detail: string };

/** Of an anomaly where nobody says it: three digits. */
const OTHER_ANOMALY = '100';

/** The exchange as the prefecture answered it. Throws StateRefusal for one that was not sent. */
export async function exchangeAnswered(exchange: Exchange, answer: ActAnswer, parts: PrefectureParts): Promise<Exchange> {
  if (exchange.stage !== 'sent') throw new StateRefusal('not-now', `La transaction ${exchange.id} n'est pas transmise : ${exchange.reason === '' ? exchange.stage : exchange.reason}`);
  if (exchange.kind === 'act') return answeredAct(exchange, answer, parts);
  if (answer.verdict === 'anomaly') return { ...exchange, stage: 'error', reason: answer.detail };
  if (exchange.kind === 'reply') return answeredReply(exchange, answer, parts);
  if (exchange.kind === 'cancellation') return answeredCancellation(exchange, answer, parts);
  throw new StateRefusal('not-understood', `La transaction ${exchange.id} n'attend pas de réponse.`);
}

async function answeredAct(act: FiledAct, answer: ActAnswer, { today, classification, keep }: PrefectureParts): Promise<FiledAct> {
  const content = actContent(act, classification().date);
  if (answer.verdict === 'anomaly') {
    const bytes = writeAnomalieActe({ on: today(), nature: answer.nature ?? OTHER_ANOMALY, detail: answer.detail, act: content });
    return { ...act, stage: 'error', reason: answer.detail, message: await keep(businessName(act.actId, '1-3', 0, 'xml'), 'application/xml', bytes) };
  }
  const receivedOn = answer.receivedOn ?? today();
  const message = await keep(businessName(act.actId, '1-2', 0, 'xml'), 'application/xml', answer.message ?? writeArActe({ actId: act.actId, receivedOn, act: content }));
  const stamped = answer.stamped === undefined ? null : await keep(act.documents[0]?.filename ?? 'acte.pdf', 'application/pdf', answer.stamped);
  return { ...act, stage: 'acknowledged', receivedOn, message, stamped };
}

async function answeredReply(reply: Reply, answer: ActAnswer & { readonly verdict: 'accept' }, { today, keep, required }: PrefectureParts): Promise<Reply> {
  const letter = required(reply.about);
  const act = letter.kind === 'letter' ? required(letter.about) : letter;
  if (letter.kind !== 'letter' || act.kind !== 'act') throw new StateRefusal('not-understood', `La réponse ${reply.id} ne répond à aucun courrier.`);
  const kind = letter.letter === 'pieces' ? 'ARPieceComplementaire' : 'ARReponseRejetLettreObservations';
  const bytes = answer.message ?? writeArReply(kind, { actId: act.actId, letterOn: letter.date, receivedOn: answer.receivedOn ?? today() });
  return { ...reply, stage: 'acknowledged', message: await keep(businessName(act.actId, `${LETTER_NUMBERS[letter.letter]}-5`, 0, 'xml'), 'application/xml', bytes) };
}

/** The act goes with it. */
async function answeredCancellation(cancellation: Cancellation, answer: ActAnswer & { readonly verdict: 'accept' }, { today, keep, put, required }: PrefectureParts): Promise<Cancellation> {
  const act = required(cancellation.about);
  if (act.kind !== 'act') throw new StateRefusal('not-understood', `La transaction ${cancellation.about} n'est pas un acte.`);
  const message = await keep(businessName(act.actId, '6-2', 0, 'xml'), 'application/xml', answer.message ?? writeArAnnulation({ actId: act.actId, receivedOn: answer.receivedOn ?? today() }));
  put({ ...act, stage: 'cancelled', message });
  return { ...cancellation, stage: 'acknowledged', message };
}
