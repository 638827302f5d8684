import type { ConnectorContext, Receipt } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import { isUntouched, standingOf } from './circuit.js';
import type { V5Settings } from './config.js';
import { deleteFolder, putTask, readHistory } from './folder-calls.js';
import type { PremisHistory } from './premis-read.js';
import { dataOf } from './receipt.js';
import { openSession, type Session } from './session.js';

/** Takes a folder back as long as nobody on its circuit has acted, and removes it. */
export async function takeBack(receipt: Receipt, settings: V5Settings, context: ConnectorContext): Promise<'cancelled' | 'too-late'> {
  if (dataOf(receipt).stored !== undefined) return 'too-late';
  const session = openSession(settings, context);
  const history = await readHistory(session, receipt.reference);
  if (history === null) return 'cancelled';
  if (standingOf(history).state !== 'pending' || !isUntouched(history)) return 'too-late';
  if (!isDraft(history) && !await undone(session, receipt.reference, history)) return 'too-late';
  await deleteFolder(session, receipt.reference);
  return 'cancelled';
}

function isDraft({ tasks }: PremisHistory): boolean {
  return tasks.every(({ action, state }) => state !== 'current' || action === 'START');
}

/** The right to regret (contracts/iparapheur.md §3.2): the folder goes back to its emitter. */
async function undone(session: Session, id: string, { tasks }: PremisHistory): Promise<boolean> {
  const current = tasks.filter(({ state }) => state === 'current');
  const task = current.find(({ action }) => action === 'UNDO') ?? current.at(-1);
  if (task === undefined) return false;
  try {
    await putTask(session, id, task.id, 'undo');
    return true;
  } catch (error) {
    if (isFailure(error) && error.kind === 'refused') return false;
    throw error;
  }
}
