import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import type { V5Settings } from './config.js';
import { deleteFolder, putTask } from './folder-calls.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';

type Stored = NonNullable<ReceiptData['stored']>;

const MOST_TRIES = 5;
const AGAIN_MS = 600_000;

/** Puts a folder away over there, now that all it gave is kept here. One that is gone is as good; what keeps failing is left there
 * with a warning: the item has what it waited for. */
export async function putAway(session: Session, id: string, data: ReceiptData & { readonly stored: Stored }, afterwards: V5Settings['afterwards'], { logger }: ConnectorContext): Promise<Tracking> {
  const { stored } = data;
  try {
    await remove(session, id, stored, afterwards);
  } catch (error) {
    if (!isFailure(error) || error.kind === 'misconfigured') throw error;
    const tries = stored.tries + 1;
    if (tries < MOST_TRIES) return { state: 'pending', note: `It is kept here; putting it away failed: ${error.message}`, data: { ...data, stored: { ...stored, tries } }, pollAfterMs: AGAIN_MS };
    logger.warn('A folder could not be put away in i-Parapheur; it is left there', { folder: id, reason: error.message });
  }
  return endOf(stored);
}

/** How it ended; its results are on the item already. */
export function endOf({ reason }: Pick<Stored, 'reason'>): Tracking {
  return reason === null ? { state: 'done' } : { state: 'rejected', reason };
}

/** The bin takes only what was finished (contracts/iparapheur.md §3.2). */
async function remove(session: Session, id: string, { reason, task }: Stored, afterwards: V5Settings['afterwards']): Promise<void> {
  if (afterwards === 'keep') return;
  if (afterwards === 'archive' && reason === null) await putTask(session, id, task, 'send_to_trash_bin');
  else await deleteFolder(session, id);
}
