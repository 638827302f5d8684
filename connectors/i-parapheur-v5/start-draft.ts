import { Refused } from '../../src/connector-api/failures.js';
import { element } from './api.js';
import { deleteFolder, folderPath } from './folder-calls.js';
import type { PremisHistory } from './premis-read.js';
import type { Annotations } from './receipt.js';
import type { Session } from './session.js';

/** The other side does not let the folder into its circuit: it will not next time either. */
const NEVER: ReadonlySet<number> = new Set([400, 406, 409, 422]);

/** Gives a draft into its circuit. `not-yet`: its tasks are made a moment after the draft (contracts/iparapheur.md §3.4). Throws Refused where
 * it is not let in; the draft is then removed, so that nothing is left over there. */
export async function startDraft(session: Session, id: string, history: PremisHistory, annotations: Annotations): Promise<'started' | 'not-yet'> {
  if (history.tasks.length === 0) return 'not-yet';
  const task = history.tasks.find(({ action, state }) => action === 'START' && state === 'current');
  if (task === undefined) return 'started';
  const body = JSON.stringify({ publicAnnotation: annotations.publicAnnotation ?? '', privateAnnotation: annotations.privateAnnotation ?? '' });
  const answer = await session.api.call({
    method: 'PUT', path: await folderPath(session, id, `/task/${element(task.id)}/start`),
    body: () => ({ headers: { 'content-type': 'application/json' }, body }),
  });
  const failure = answer.status >= 200 && answer.status <= 299 ? null : await session.api.failure(answer);
  if (failure === null) {
    answer.body.destroy();
    return 'started';
  }
  if (!NEVER.has(answer.status)) throw failure;
  await deleteFolder(session, id);
  throw new Refused(`The folder was not let into its circuit. ${failure.message}`);
}
