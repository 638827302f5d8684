import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import type { FormPart } from '../../src/connector-api/multipart.js';
import { actOf, type Act } from '../../src/tele-transmission/act.js';
import { checkActFiles } from '../../src/tele-transmission/act-files.js';
import { typologiesOf } from '../../src/tele-transmission/typologies.js';
import { plainWords } from './answer-text.js';
import { hasFiles } from './act-files.js';
import { createApi, field, type Api } from './api.js';
import { afterTheMark, beforeTheMark } from './before-the-mark.js';
import type { S2lowSettings } from './config.js';
import { filePart } from './file-part.js';
import { findAct, findActAt, type ListedAct } from './find-act.js';
import { numberIn } from './found-as.js';
import { fetchClassification } from './live-classification.js';
import { newTransaction } from './new-transaction.js';
import { receiptOf } from './receipt.js';

/** Posts an act, once all that the platform will check has been checked here (contracts/s2low.md §3.2). Its number is its key over there: one that is
 * there under it, and is this act, is taken for it. */
export async function transmitAct(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Receipt> {
  const act = actOf(submission, settings, context.clock.now());
  await checkActFiles(act, context);
  const api = createApi(settings, context);
  await beforeTheMark(api.requireAccess());
  const typologies = typologiesOf(act, await beforeTheMark(fetchClassification(api)));
  warnOfReplaced(act, context);
  await context.markSent();
  const answer = await api.post('/modules/actes/actes_transac_create.php', partsOf(act, typologies, settings));
  if (answer.ok) return actReceipt(newTransaction(answer.lines, api.who), act, context);
  const there = await afterTheMark(ours(api, act));
  if (there !== null) return actReceipt(there.id, act, context);
  throw await api.refusal(answer.words);
}

/** Under the transaction that an operator gives, or by its number, in the lists of all statuses. An act of another content under this number proves that ours is not there: the platform takes a number
 * once, whatever became of it. */
export async function probeAct(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Probe> {
  const act = actOf(submission, settings, context.clock.now());
  const api = createApi(settings, context);
  if (submission.foundAs !== undefined) return { found: actReceipt(await confirmAct(api, act, submission.foundAs), act, context) };
  const found = await findAct(api, act.number);
  return found !== null && await isOurs(api, found, act) ? { found: actReceipt(found.id, act, context) } : 'absent';
}

/** The act that is there under our number. Throws Refused where it is another one. */
async function ours(api: Api, act: Act): Promise<ListedAct | null> {
  const found = await findAct(api, act.number);
  if (found === null || await isOurs(api, found, act)) return found;
  if (isSame(found, act)) throw new Refused(`Field «number»: ${act.number} is used on S2LOW by this act with other documents, transaction ${found.id}. What is there is not what was to be sent now: give another number, or, where what is there is right: relais deliveries settle <id> --reference ${found.id} --awaited.`);
  throw new Refused(`Field «number»: ${act.number} is used by another act on S2LOW, transaction ${found.id} of ${found.date}: «${found.subject}». A number is used once, whatever became of the act: give another one.`);
}

/** A document that was corrected has the subject of the one before it. */
async function isOurs(api: Api, found: ListedAct, act: Act): Promise<boolean> {
  return isSame(found, act) && await hasFiles(api, found.id, [act.main, ...act.annexes]);
}

/** A number is used once, so that what has ours, with our date or our subject, is our act, whatever people changed of the other and of its documents.
 * Throws Refused where it is not. */
async function confirmAct(api: Api, act: Act, foundAs: string): Promise<string> {
  const transaction = numberIn(foundAs, 'actes');
  const found = await findActAt(api, transaction);
  if (found === null) throw new Refused(`S2LOW lists no act with transaction ${transaction} to this account.`);
  if (found.number === act.number && (isOfDate(found, act) || isAbout(found, act))) return transaction;
  throw new Refused(`Transaction ${transaction} on S2LOW is another act than that of this delivery (${act.number} of ${act.decisionDate}, «${act.subject.text}»): it is ${found.number} of ${found.date}, «${found.subject}».`);
}

function isSame(listed: ListedAct, act: Act): boolean {
  return isOfDate(listed, act) && isAbout(listed, act);
}

function isOfDate({ date }: ListedAct, { decisionDate }: Act): boolean {
  return date.slice(0, decisionDate.length) === decisionDate;
}

/** Plain letters and digits alone count: the platform may have escaped the rest. */
function isAbout({ subject }: ListedAct, act: Act): boolean {
  const plain = (text: string): string => plainWords(text).normalize('NFD').replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return plain(subject) === plain(act.subject.text);
}

function warnOfReplaced({ subject: { replaced }, number }: Act, { logger }: ConnectorContext): void {
  if (replaced.length > 0) logger.warn('The subject of an act has characters that S2LOW cannot take; they are sent as «?»', { number, characters: replaced.join(' ') });
}

/** contracts/s2low.md §3.1: types of annexes in the order of the annexes. */
function partsOf(act: Act, typologies: { readonly main: string; readonly annexes: readonly string[] }, { confirmation }: S2lowSettings): readonly FormPart[] {
  return [
    field('nature_code', act.nature), ...act.levels.map((level, index) => field(`classif${index + 1}`, level)),
    field('number', act.number), field('decision_date', act.decisionDate), field('subject', act.subject.text),
    ...(act.paperFollows ? [field('document_papier', '1')] : []), ...(confirmation === 'agent' ? [field('en_attente', '1')] : []),
    field('type_acte', typologies.main), ...typologies.annexes.map((typology) => field('type_pj[]', typology)),
    filePart('acte_pdf_file', act.main), ...act.annexes.map((annex) => filePart('acte_attachments[]', annex)),
  ];
}

function actReceipt(transaction: string, { number, publishedOn }: Act, { clock }: ConnectorContext): Receipt {
  return receiptOf({ kind: 'act', transaction, number, publishedOn, sentAt: clock.now() });
}
