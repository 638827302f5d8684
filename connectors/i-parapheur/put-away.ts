import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { tryToPutAway } from '../../src/signature-book/put-away.js';
import { saysUnknown, wordsOf, writeAnswer, type Message } from './answers.js';
import type { IParapheurSettings } from './config.js';
import type { ReceiptData } from './receipt-data.js';
import { change, sentence, WHO } from './service.js';

type Kept = NonNullable<ReceiptData['kept']>;

/** Puts a folder away over there, now that all that it gave is on disk here. */
export function putAway(id: string, data: ReceiptData, kept: Kept, settings: IParapheurSettings, context: ConnectorContext): Promise<Tracking> {
  const rejection = kept.end === 'refused' ? kept.reason : null;
  return tryToPutAway({ id, rejection, tries: data.refusals }, () => remove(id, kept, settings, context), (refusals) => ({ ...data, refusals }), context);
}

async function remove(id: string, { end }: Kept, settings: IParapheurSettings, context: ConnectorContext): Promise<void> {
  if (settings.afterwards === 'keep') return;
  const message = end === 'finished' ? await archive(id, settings.afterwards, settings, context) : await eraseRefused(id, settings, context);
  if (message === null) throw new OutcomeUnknown(`${WHO} did not say whether it did.`);
  // Somebody was faster, or the answer to an earlier call was lost.
  if (message.codeRetour !== 'OK' && !saysUnknown(message)) throw new Refused(sentence(wordsOf(message)));
}

/** Null where the answer has no message. */
export async function archive(id: string, how: 'archive' | 'delete', settings: IParapheurSettings, context: ConnectorContext): Promise<Message | null> {
  const values = { DossierID: id, ArchivageAction: how === 'archive' ? 'ARCHIVER' : 'EFFACER' };
  return (await change('ArchiverDossier', values, writeAnswer, settings, context)).MessageRetour;
}

async function eraseRefused(id: string, settings: IParapheurSettings, context: ConnectorContext): Promise<Message | null> {
  return (await change('EffacerDossierRejete', id, writeAnswer, settings, context)).MessageRetour;
}
