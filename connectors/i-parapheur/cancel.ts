import type { ConnectorContext, Receipt } from '../../src/connector-api/connector.js';
import { isFailure, OutcomeUnknown } from '../../src/connector-api/failures.js';
import { wordsOf, writeAnswer } from './answers.js';
import type { IParapheurSettings } from './config.js';
import { archive } from './put-away.js';
import { dataOf } from './receipt-data.js';
import { change, WHO } from './service.js';

/** Takes a folder back from its circuit, as long as nobody has acted on it, and removes it from the desk of the emitter, where it then
 * lies (contracts/iparapheur.md §1.4). That it cannot be removed does not give it back to the circuit. */
export async function recallFolder(receipt: Receipt, settings: IParapheurSettings, context: ConnectorContext): Promise<'cancelled' | 'too-late'> {
  const { reference } = receipt;
  if (dataOf(receipt).kept !== undefined) return 'too-late';
  const { MessageRetour: message } = await change('ExercerDroitRemordDossier', reference, writeAnswer, settings, context);
  if (message?.codeRetour === 'KO') return 'too-late';
  if (message?.codeRetour !== 'OK') throw new OutcomeUnknown(`${WHO} did not say whether it gave the folder back.`);
  await remove(reference, settings, context);
  return 'cancelled';
}

async function remove(id: string, settings: IParapheurSettings, context: ConnectorContext): Promise<void> {
  try {
    const message = await archive(id, 'delete', settings, context);
    if (message?.codeRetour === 'OK') return;
    context.logger.warn('A folder that was taken back still lies on the desk of its emitter', { folder: id, answer: message === null ? 'none' : wordsOf(message) });
  } catch (error) {
    if (!isFailure(error)) throw error;
    context.logger.warn('A folder that was taken back may still lie on the desk of its emitter', { folder: id, answer: error.message });
  }
}
