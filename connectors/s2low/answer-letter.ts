import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import type { FormPart } from '../../src/connector-api/multipart.js';
import type { TargetField } from '../../src/domain/mapping.js';
import { createApi, field, type Api } from './api.js';
import { answerDocuments, type AnswerDocument } from './answer-documents.js';
import { afterTheMark, beforeTheMark } from './before-the-mark.js';
import type { S2lowSettings } from './config.js';
import { exchangesOf, type Exchange } from './exchanges.js';
import { filePart } from './file-part.js';
import { numberIn } from './found-as.js';
import { newTransaction } from './new-transaction.js';
import { receiptOf } from './receipt.js';
import { transactionField } from './transaction-field.js';

/** contracts/s2low.md §3.6. */
const ENVOI = { send: '4', refuse: '3' } as const;

export const answerFields: Readonly<Record<string, TargetField>> = {
  letter: { type: 'text', title: { fr: 'Numéro de transaction du document de la préfecture', en: 'Number of the transaction of the document of the prefecture' }, required: true },
  act: { type: 'text', title: { fr: 'Numéro de transaction de l\'acte', en: 'Number of the transaction of the act' }, required: true },
  action: { type: 'text', title: { fr: 'Envoi ou refus', en: 'Whether it sends what was asked for, or refuses' }, values: Object.keys(ENVOI) },
  mainDocument: { type: 'text', title: { fr: 'Document principal', en: 'Main document' } },
  typology: { type: 'text', title: { fr: 'Typologie du document principal', en: 'Typology of the main document' }, required: true },
  annexes: { type: 'list', title: { fr: 'Annexes', en: 'Annexes' } },
  annexTypologies: { type: 'list', title: { fr: 'Typologies des annexes, dans leur ordre', en: 'Typologies of the annexes, in their order' } },
};

const LETTERS = ['2', '3', '4'] as const;
type LetterType = (typeof LETTERS)[number];

/** A letter that was received and not answered stands so (§3.5). */
const RECEIVED: ReadonlySet<number> = new Set([7, 8, 21]);

interface Answer {
  readonly letter: string;
  readonly act: string;
  readonly action: keyof typeof ENVOI;
  readonly documents: readonly [AnswerDocument, ...AnswerDocument[]];
}

/** Answers a document of the prefecture. It takes one answer: one that is there is taken for it. */
export async function answerLetter(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Receipt> {
  const answer = answerOf(submission);
  for (const { annex } of answer.documents) await proveAnnex(annex, context);
  const api = createApi(settings, context);
  await beforeTheMark(api.requireAccess());
  const standing = await beforeTheMark(standingOf(api, answer));
  if ('answered' in standing) return answerReceipt(standing.answered, standing.type, context);
  const type = requireAnswerable(standing.letter, answer);
  await context.markSent();
  const told = await api.post('/modules/actes/actes_transac_reponse_create.php', partsOf(answer));
  if (told.ok) return answerReceipt(newTransaction(told.lines, api.who), type, context);
  const made = await afterTheMark(standingOf(api, answer));
  if ('answered' in made) return answerReceipt(made.answered, made.type, context);
  throw await api.refusal(told.words);
}

export async function probeAnswer(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Probe> {
  const api = createApi(settings, context);
  const answer = answerOf(submission);
  if (submission.foundAs !== undefined) return { found: await confirmAnswer(api, answer, submission.foundAs, context) };
  const standing = await standingOf(api, answer);
  return 'answered' in standing ? { found: answerReceipt(standing.answered, standing.type, context) } : 'absent';
}

/** A later transaction about the act, of a type that takes answers, which stands in the list in place of the letter. Throws Refused for another one. */
async function confirmAnswer(api: Api, { letter, act }: Answer, foundAs: string, context: ConnectorContext): Promise<Receipt> {
  const transaction = numberIn(foundAs, 'actes');
  const exchanges = await exchangesOf(api, act);
  const found = exchanges.find(({ id }) => id === transaction);
  const stillThere = exchanges.some(({ id }) => id === letter);
  if (found !== undefined && !stillThere && mayAnswer(found, letter) && isLetter(found.type)) return answerReceipt(transaction, found.type, context);
  throw new Refused(`S2LOW does not show transaction ${transaction} as the answer to the document ${letter} of the prefecture about the act ${act}${stillThere ? ', which is listed as not answered' : ''}.`);
}

function answerOf(submission: Submission): Answer {
  const action = submission.fields['action'] === 'refuse' ? 'refuse' : 'send';
  return { letter: transactionField(submission, 'letter'), act: transactionField(submission, 'act'), action, documents: answerDocuments(submission) };
}

/** As soon as an answer exists, it stands in the list in place of the letter: the letter is gone from it, and there is a later transaction of a type
 * that takes answers (§3.5). Throws Refused where neither is so. */
async function standingOf(api: Api, { letter, act }: Answer): Promise<{ readonly letter: Exchange } | { readonly answered: string; readonly type: LetterType }> {
  const exchanges = await exchangesOf(api, act);
  const found = exchanges.find(({ id }) => id === letter);
  if (found !== undefined) return { letter: found };
  const answers = exchanges.filter((exchange) => mayAnswer(exchange, letter));
  const [only] = answers;
  if (only === undefined || !isLetter(only.type)) throw new Refused(`Field «letter»: S2LOW lists no document ${letter} of the prefecture about the act ${act}, nor an answer to it.`);
  if (answers.length > 1) throw new Refused(`S2LOW lists no document ${letter} of the prefecture any more, and several answers about the act ${act} (${answers.map(({ id }) => id).join(', ')}): which of them answers it cannot be told. Look it up over there, then: relais deliveries settle <id> --reference <its number> --awaited.`);
  return { answered: only.id, type: only.type };
}

function requireAnswerable({ type, id, status }: Exchange, { action, documents }: Answer): LetterType {
  if (!isLetter(type)) throw new Refused(`Field «letter»: the document ${id} is ${type === '5' ? 'a referral to the court, which takes no answer on S2LOW' : `of type ${type}, which takes no answer`}.`);
  if (!RECEIVED.has(status)) throw new Refused(`Field «letter»: the document ${id} stands at ${status} on S2LOW; only one that was received can be answered.`);
  if (documents.length > 1 && !(type === '3' && action === 'send')) throw new Refused('Field «annexes»: several documents can only be sent where the prefecture asked for documents (type 3); put them into one.');
  return type;
}

function mayAnswer({ type, id, status }: Exchange, letter: string): boolean {
  return isLetter(type) && Number(id) > Number(letter) && !RECEIVED.has(status);
}

function isLetter(type: string): type is LetterType {
  return (LETTERS as readonly string[]).includes(type);
}

function partsOf({ letter, action, documents: [main, ...annexes] }: Answer): readonly FormPart[] {
  return [
    field('id', letter), field('type_envoie', ENVOI[action]), field('type_acte', main.typology), ...annexes.map(({ typology }) => field('type_pj[]', typology)),
    filePart('acte_pdf_file', main.annex), ...annexes.map(({ annex }) => filePart('acte_attachments[]', annex)),
  ];
}

function answerReceipt(transaction: string, letterType: LetterType, { clock }: ConnectorContext): Receipt {
  return receiptOf({ kind: 'answer', transaction, letterType, sentAt: clock.now() });
}
