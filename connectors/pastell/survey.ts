import type { ConnectorContext, Sent } from '../../src/connector-api/connector.js';
import type { PastellSettings } from './config.js';
import { listDocuments } from './documents.js';
import { minutesBefore } from './local-time.js';
import { dataOf, type ReceiptData } from './receipt.js';
import { openSession, type Session } from './session.js';
import type { Row } from './shapes.js';

/** Rows are told by the second, «after» is strict, and the clock over there goes back an hour in autumn (contracts/pastell.md §4.1, §8). */
const OVERLAP_MINUTES = 120;

interface Asked {
  readonly key: string;
  readonly id: string;
  readonly data: ReceiptData;
}

/** Those that stand elsewhere than they were last seen, those that no list shows, and those for which there is something left to do. One list for each
 * document type: what stands where those that are asked about stood, since the oldest of them came there. */
export async function surveyDocuments(sent: readonly Sent[], settings: PastellSettings, context: ConnectorContext): Promise<ReadonlySet<string>> {
  const session = openSession(settings, context);
  const asked = sent.map(({ receipt, submission }): Asked => ({ key: submission.key, id: receipt.reference, data: dataOf(receipt) }));
  const waiting = asked.filter(({ data }) => data.entity === session.entity && data.seen?.due === false);
  const quiet = new Set<string>();
  for (const type of new Set(waiting.map(({ data }) => data.type))) {
    const own = waiting.filter(({ data }) => data.type === type);
    for (const key of await unmoved(session, type, own)) quiet.add(key);
  }
  return new Set(asked.map(({ key }) => key).filter((key) => !quiet.has(key)));
}

/** Rows that leave the list while it is read let others slip by: those are asked about, which does no harm. */
async function unmoved(session: Session, type: string, asked: readonly Asked[]): Promise<readonly string[]> {
  const seen = asked.flatMap(({ data }) => data.seen ?? []);
  const oldest = seen.map(({ at }) => at).toSorted()[0] ?? '';
  const since = minutesBefore(oldest, OVERLAP_MINUTES);
  const states = [...new Set(seen.map(({ state }) => state))].join(',');
  const rows = new Map((await listDocuments(session, type, { lastetat: states, ...(since !== null && { last_state_begin: since }) })).map((row) => [row.id, row]));
  return asked.filter(({ id, data }) => stands(rows.get(id), data)).map(({ key }) => key);
}

function stands(found: Row | undefined, { seen }: ReceiptData): boolean {
  return found !== undefined && found.state === seen?.state && found.at === seen.at;
}
