import type { ConnectorContext, Sent } from '../../src/connector-api/connector.js';
import type { V5Settings } from './config.js';
import { ENDED_STATES, listFolders, LIVING_STATES, type ListState } from './folder-calls.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';

/** Those whose circuit has ended, or that no list knows; and those for which there is something left to do. The lists are read once for
 * all, a page at a time, whatever the number asked about. */
export async function surveyFolders(sent: readonly Sent[], settings: V5Settings, context: ConnectorContext): Promise<ReadonlySet<string>> {
  const session = openSession(settings, context);
  const waiting = sent.filter(({ receipt }) => isWaiting(dataOf(receipt)));
  const underWay = await idsIn(session, LIVING_STATES);
  // Read last: one that ended meanwhile is in both, and has news.
  const ended = await idsIn(session, ENDED_STATES);
  const quiet = new Set(waiting.filter(({ receipt: { reference } }) => underWay.has(reference) && !ended.has(reference)).map(({ submission }) => submission.key));
  return new Set(sent.map(({ submission }) => submission.key).filter((key) => !quiet.has(key)));
}

function isWaiting({ toStart, stored }: ReceiptData): boolean {
  return toStart === undefined && stored === undefined;
}

async function idsIn(session: Session, states: readonly ListState[]): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const state of states) for (const { id } of await listFolders(session, state)) ids.add(id);
  return ids;
}
