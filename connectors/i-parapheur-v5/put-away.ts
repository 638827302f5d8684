import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { tryToPutAway } from '../../src/signature-book/put-away.js';
import type { V5Settings } from './config.js';
import { deleteFolder, putTask } from './folder-calls.js';
import type { ReceiptData } from './receipt.js';
import type { Session } from './session.js';

type Stored = NonNullable<ReceiptData['stored']>;

/** Puts a folder away over there, now that all it gave is kept here. */
export function putAway(session: Session, id: string, data: ReceiptData & { readonly stored: Stored }, afterwards: V5Settings['afterwards'], context: ConnectorContext): Promise<Tracking> {
  const { stored } = data;
  return tryToPutAway({ id, rejection: stored.reason, tries: stored.tries }, () => remove(session, id, stored, afterwards), (tries) => ({ ...data, stored: { ...stored, tries } }), context);
}

/** The bin takes only what was finished (contracts/iparapheur.md §3.2). */
async function remove(session: Session, id: string, { reason, task }: Stored, afterwards: V5Settings['afterwards']): Promise<void> {
  if (afterwards === 'keep') return;
  if (afterwards === 'archive' && reason === null) await putTask(session, id, task, 'send_to_trash_bin');
  else await deleteFolder(session, id);
}
