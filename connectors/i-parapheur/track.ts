import type { ConnectorContext, Receipt, Results, Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { bringBackSigned, documentsBeside } from '../../src/signature-book/bring-back.js';
import { givenUp, missingFolder } from '../../src/signature-book/missing-folder.js';
import { folderAnswer, wordsOf, type AnsweredFolder, type HistoryRow } from './answers.js';
import type { IParapheurSettings } from './config.js';
import { askHistory, historyFields, isOnPaper, searchFolders, whenOf } from './history.js';
import { putAway } from './put-away.js';
import { dataOf, type ReceiptData } from './receipt-data.js';
import { slipAndAdded, returnedFields, returnedFolder } from './returned.js';
import { read, sentence, WHO } from './service.js';
import { meaningOf } from './status.js';

/** How often documents that are refused are asked for again before a person has to look. */
const PATIENCE = 5;

/** What is kept here is put away over there at once. */
const AT_ONCE_MS = 1_000;

/** Rows that a survey compares with: the annotation of the emitter comes after the row of the desk in some versions, and before
 * it in others (contracts/iparapheur.md §2.1). */
const SEEN_ROWS = 2;

/** Where a folder stands. Once it has an end, all that it gives is brought back first; it is put away by the question after. */
export async function trackFolder(receipt: Receipt, settings: IParapheurSettings, context: ConnectorContext): Promise<Tracking> {
  const data = dataOf(receipt);
  if (data.kept !== undefined) return putAway(receipt.reference, data, data.kept, settings, context);
  const { rows, message } = await askHistory(receipt.reference, settings, context);
  const last = rows.at(-1);
  if (last === undefined) return lookForMissing(receipt.reference, data, message === null || message.codeRetour === 'OK' ? 'no history' : wordsOf(message), settings, context);
  const known: ReceiptData = { ...data, missingSince: null, seen: rows.slice(-SEEN_ROWS).map(({ status }) => status).reverse() };
  // The status alone decides, and that of the last row: what people write may hold the words of any status.
  const meaning = meaningOf(last.status);
  switch (meaning.is) {
    case 'finished':
      return finished(receipt.reference, known, rows, settings, context);
    case 'refused':
      return refused(receipt.reference, known, rows, reasonOf(meaning.words, last), settings, context);
    case 'pending':
      return { state: 'pending', data: known, note: sentence(`${WHO}: ${meaning.words} (${last.status}, ${last.nom}, ${whenOf(last)})`) };
    case 'unknown':
      context.logger.warn('A folder has a status that is not known; its end is awaited', { folder: receipt.reference, status: last.status });
      return { state: 'pending', data: known, note: `${WHO}: it has the status «${last.status}» (${last.nom}, ${whenOf(last)}), which Relais does not know; its end is awaited.` };
  }
}

async function finished(id: string, data: ReceiptData, rows: readonly HistoryRow[], settings: IParapheurSettings, context: ConnectorContext): Promise<Tracking> {
  const answered = await fetchFolder(id, data, settings, context);
  if (typeof answered === 'string') return withoutDocuments(answered, data, context);
  const returned = returnedFolder(answered, data.sent, isOnPaper(rows));
  if (returned.slip === null) context.logger.warn('A folder came back without its circulation slip', { folder: id });
  const signed = await bringBackSigned(returned, data.sent.expects, settings, context);
  const results = { ...signed, fields: { ...returnedFields(answered), ...historyFields(rows), ...signed.fields } };
  if (settings.afterwards === 'keep') return { state: 'done', results };
  return { state: 'pending', data: { ...data, refusals: 0, kept: { end: 'finished' } }, results, note: 'What it gave is kept; it is being put away over there.', pollAfterMs: AT_ONCE_MS };
}

/** The slip says who refused, as people over there see it; without it the refusal is one all the same. */
async function refused(id: string, data: ReceiptData, rows: readonly HistoryRow[], reason: string, settings: IParapheurSettings, context: ConnectorContext): Promise<Tracking> {
  const answered = await fetchFolder(id, data, settings, context);
  if (typeof answered === 'string' && data.refusals + 1 < PATIENCE) return withoutDocuments(answered, data, context);
  if (typeof answered === 'string') context.logger.warn('The circulation slip of a refused folder cannot be had', { folder: id, answer: answered });
  const results = refusalResults(typeof answered === 'string' ? null : answered, data, rows);
  if (settings.afterwards === 'keep') return { state: 'rejected', reason, results };
  return { state: 'pending', data: { ...data, refusals: 0, kept: { end: 'refused', reason } }, results, note: `${reason} It is being put away over there.`, pollAfterMs: AT_ONCE_MS };
}

function refusalResults(answered: AnsweredFolder | null, { sent }: ReceiptData, rows: readonly HistoryRow[]): Results {
  if (answered === null) return { fields: historyFields(rows) };
  return { fields: { ...returnedFields(answered), ...historyFields(rows) }, documents: documentsBeside(slipAndAdded(answered, sent)) };
}

/** The folder, or why it is not given, in words. */
async function fetchFolder(id: string, { sent }: ReceiptData, settings: IParapheurSettings, context: ConnectorContext): Promise<AnsweredFolder | string> {
  const bytes = sent.files.reduce((sum, { size }) => sum + size, 0);
  const answered = await read('GetDossier', id, folderAnswer, settings, context, { bytes });
  const message = answered.MessageRetour;
  if (message !== null && (message.codeRetour === 'KO' || (message.codeRetour !== 'OK' && answered.DossierID === ''))) return sentence(wordsOf(message));
  if (answered.DossierID !== id) throw new OutcomeUnknown(`${WHO} was asked for folder «${id}» and gave «${answered.DossierID}».`);
  return answered;
}

/** contracts/iparapheur.md §2.6: a refusal here passes, or needs a person; nothing is put away before. */
function withoutDocuments(words: string, data: ReceiptData, context: ConnectorContext): Tracking {
  const refusals = data.refusals + 1;
  if (refusals >= PATIENCE) throw new Refused(`The circuit is over, but ${WHO} refuses to give the folder, ${refusals} times now: ${words} Look at it over there; once it can be opened, retry.`);
  context.logger.warn('A folder whose circuit is over is not given', { answer: words, refusals });
  return { state: 'pending', data: { ...data, refusals }, note: `The circuit is over, but ${WHO} does not give the folder: ${words}` };
}

/** Searches of some versions miss folders that are there, and histories others: both must miss it, for long. */
async function lookForMissing(id: string, data: ReceiptData, words: string, settings: IParapheurSettings, context: ConnectorContext): Promise<Tracking> {
  const status = (await searchFolders([id], settings, context)).get(id);
  if (status !== undefined) return { state: 'pending', data: { ...data, missingSince: null }, note: `${WHO} has the folder (${status}), but does not give its history: ${words}.` };
  const now = context.clock.now();
  const { since, lost } = missingFolder(data.missingSince, now, settings.lostAfterMs);
  const day = new Date(since).toISOString().slice(0, '2027-03-01'.length);
  if (lost) {
    throw new Refused(`${WHO} has not known folder «${id}» since ${day}: it was deleted over there, or the account of Relais may not see it any more. Ask what became of it. `
      + 'Visible again: retry. Gone, and still to be signed: resend it, as a new folder. Signed elsewhere: settle it. Not wanted any more: cancel it.');
  }
  context.logger.warn('A folder is not found over there', { folder: id });
  return { state: 'pending', data: { ...data, missingSince: since }, note: `${WHO} does not find the folder (first missed on ${day}); ${givenUp(since, settings.lostAfterMs)}.` };
}

/** Who, when and why. */
function reasonOf(words: string, row: HistoryRow): string {
  const why = row.annotation.trim() === '' ? 'without a reason' : `«${row.annotation.trim()}»`;
  return `${words} by ${row.nom === '' ? 'somebody' : row.nom} on ${whenOf(row)}: ${why}.`;
}
