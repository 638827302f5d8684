import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { saysUnknown, wordsOf, writeAnswer, type Message } from './answers.js';
import type { IParapheurSettings } from './config.js';
import type { ReceiptData } from './receipt-data.js';
import { change, sentence } from './service.js';

/** How often it is tried before it is left where it is. */
const PATIENCE = 5;

/** Puts a folder away over there, now that all that it gave is on disk here (docs/decisions/020). What was decided stays decided: a
 * folder that cannot be put away is left with a warning. */
export async function putAway(id: string, data: ReceiptData, kept: NonNullable<ReceiptData['kept']>, settings: IParapheurSettings, context: ConnectorContext): Promise<Tracking> {
  const ended: Tracking = kept.end === 'finished' ? { state: 'done' } : { state: 'rejected', reason: kept.reason };
  if (settings.afterwards === 'keep') return ended;
  const message = kept.end === 'finished' ? await archive(id, settings.afterwards, settings, context) : await eraseRefused(id, settings, context);
  // Somebody was faster, or the answer to an earlier call was lost.
  if (message?.codeRetour === 'OK' || (message !== null && saysUnknown(message))) return ended;
  const words = message === null ? 'it did not say whether it did.' : sentence(wordsOf(message));
  const refusals = data.refusals + 1;
  context.logger.warn('A folder that is kept here could not be put away over there', { folder: id, answer: words, refusals });
  // Erasing what was refused is a courtesy (contracts/iparapheur.md §2.6).
  if (kept.end === 'refused' || refusals >= PATIENCE) return ended;
  return { state: 'pending', data: { ...data, refusals }, note: `What it gave is kept, but it could not be put away over there: ${words}` };
}

/** Null where the answer has no message. */
export async function archive(id: string, how: 'archive' | 'delete', settings: IParapheurSettings, context: ConnectorContext): Promise<Message | null> {
  const values = { DossierID: id, ArchivageAction: how === 'archive' ? 'ARCHIVER' : 'EFFACER' };
  return (await change('ArchiverDossier', values, writeAnswer, settings, context)).MessageRetour;
}

async function eraseRefused(id: string, settings: IParapheurSettings, context: ConnectorContext): Promise<Message | null> {
  return (await change('EffacerDossierRejete', id, writeAnswer, settings, context)).MessageRetour;
}
