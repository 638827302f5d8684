import type { ConnectorContext, Receipt, Results, Tracking } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { bringBackSigned, documentsBeside } from '../../src/signature-book/bring-back.js';
import { givenUp, missingFolder } from '../../src/signature-book/missing-folder.js';
import { endOf } from '../../src/signature-book/put-away.js';
import { historyFields, isOnPaper, signersOf, standingOf, type Standing } from './circuit.js';
import type { V5Settings } from './config.js';
import { fetchFiles } from './fetch-files.js';
import { readHistory } from './folder-calls.js';
import type { PremisHistory } from './premis-read.js';
import { putAway } from './put-away.js';
import { dataOf, type Annotations, type ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';
import { startDraft } from './start-draft.js';

/** What is left to do after everything is kept is done soon. */
const SOON_MS = 1_000;

/** Asks what became of a folder. What it gives is handed over before it is put away over there: first `pending` with the results, then
 * the end. */
export async function trackFolder(receipt: Receipt, settings: V5Settings, context: ConnectorContext): Promise<Tracking> {
  const data = dataOf(receipt);
  const session = openSession(settings, context);
  if (data.stored !== undefined) return await putAway(session, receipt.reference, { ...data, stored: data.stored }, settings.afterwards, context);
  const history = await readHistory(session, receipt.reference);
  if (history === null) return missing(data, settings, context);
  const known = { folder: data.folder };
  if (data.toStart !== undefined) return await start(session, receipt.reference, history, known, data.toStart);
  const standing = standingOf(history);
  if (standing.state === 'pending') return pending(standing, known, context);
  const results = await resultsOf(session, receipt.reference, history, known, standing, settings, context);
  if (results === null) return missing(data, settings, context);
  const stored = { reason: standing.state === 'rejected' ? standing.reason : null, task: standing.task, tries: 0 };
  if (settings.afterwards === 'keep') return { ...endOf(stored.reason), results };
  return { state: 'pending', note: 'Its circuit has ended; everything is kept here, and it is put away over there.', data: { ...known, stored }, results, pollAfterMs: SOON_MS };
}

async function start(session: Session, id: string, history: PremisHistory, known: ReceiptData, toStart: Annotations): Promise<Tracking> {
  const outcome = await startDraft(session, id, history, toStart);
  if (outcome === 'not-yet') return { state: 'pending', note: 'It lies in i-Parapheur as a draft; its circuit is being made.', data: { ...known, toStart } };
  return { state: 'pending', note: 'It is in its circuit.', data: known };
}

function pending({ note, unknown }: Standing & { readonly state: 'pending' }, data: ReceiptData, { logger }: ConnectorContext): Tracking {
  if (unknown.length > 0) logger.warn('i-Parapheur tells of an action that Relais does not know; the folder counts as under way', { actions: unknown });
  return { state: 'pending', note, data };
}

function missing(data: ReceiptData, { lostAfterMs }: V5Settings, { clock }: ConnectorContext): Tracking {
  const { since, lost } = missingFolder(data.missingSince ?? null, clock.now(), lostAfterMs);
  if (lost) {
    throw new Refused(`i-Parapheur has not known the folder «${data.folder.title}» since ${new Date(since).toISOString()}: it was removed over there, or the account of Relais does not see it any more. Ask what became of it. Where it is visible again, retry; where it is gone for good, settle, resend or cancel this delivery.`);
  }
  return { state: 'pending', note: `It is not found over there; ${givenUp(since, lostAfterMs)}.`, data: { ...data, missingSince: since } };
}

/** Null where the folder went away just now. */
async function resultsOf(session: Session, id: string, history: PremisHistory, { folder }: ReceiptData, standing: Standing, settings: V5Settings, context: ConnectorContext): Promise<Results | null> {
  const files = await fetchFiles(session, id, folder, context);
  if (files === null) return null;
  const told = historyFields(history);
  if (standing.state === 'finished') {
    const { fields, documents } = await bringBackSigned({ ...files, documents: files.documents.map((document) => ({ ...document, signers: signersOf(history) })), onPaper: isOnPaper(history) }, folder.expects, settings, context);
    return { fields: { ...told, ...fields }, ...(documents !== undefined && { documents }) };
  }
  return { fields: told, documents: documentsBeside(files) };
}
