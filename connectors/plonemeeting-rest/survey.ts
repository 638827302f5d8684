import type { ConnectorContext, Sent } from '../../src/connector-api/connector.js';
import type { RestSettings } from './config.js';
import { itemElement } from './elements.js';
import { isUnknownUser } from './fetch-item.js';
import { searchRows } from './pages.js';
import { inNameOf } from './query.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';

/** Asked about together; and so many uids fit into one address. */
export const SURVEYED = 500;
const IN_ONE_CALL = 100;

interface Asked {
  readonly key: string;
  readonly uid: string;
  readonly data: ReceiptData;
}

/** Those that stand elsewhere than they were last seen, those that are not found, and those for which there is something left to do. Asked as the account,
 * and the rest in the names of their creators. */
export async function surveyItems(sent: readonly Sent[], settings: RestSettings, context: ConnectorContext): Promise<ReadonlySet<string>> {
  const session = openSession(settings, context);
  const asked = sent.map(({ receipt, submission }): Asked => ({ key: submission.key, uid: receipt.reference, data: dataOf(receipt) }));
  const waiting = asked.filter(({ data }) => data.todo === undefined && data.seen !== undefined);
  const found = await standing(session, null, waiting);
  for (const user of new Set(waiting.map(({ data }) => data.user))) {
    const rest = waiting.filter(({ uid, data }) => data.user === user && !found.has(uid));
    if (user === null || rest.length === 0) continue;
    for (const [uid, stands] of await standing(session, user, rest)) found.set(uid, stands);
  }
  const quiet = new Set(waiting.filter(({ uid, data }) => found.get(uid) === stand(data.seen)).map(({ key }) => key));
  return new Set(asked.map(({ key }) => key).filter((key) => !quiet.has(key)));
}

async function standing({ api }: Session, user: string | null, asked: readonly Asked[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < asked.length; start += IN_ONE_CALL) {
    const uids = asked.slice(start, start + IN_ONE_CALL).map(({ uid }) => uid);
    const query = { meta_type: 'MeetingItem', UID: uids, metadata_fields: 'externalIdentifier', ...inNameOf(user) };
    for await (const { UID: uid, review_state: state, modified } of searchRows(api, itemElement, query, { pageSize: IN_ONE_CALL, isNone: isUnknownUser })) found.set(uid, stand({ state: state?.token ?? '', modified }));
  }
  return found;
}

function stand(seen: { readonly state: string; readonly modified: string } | undefined): string {
  return seen === undefined ? '' : `${seen.state} ${seen.modified}`;
}
