import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ConnectorContext, ResultDocument } from '../../src/connector-api/connector.js';
import { startOfAnswer } from '../../src/connector-api/http-failure.js';
import type { Session } from './session.js';
import { journalRows, shaped } from './shapes.js';
import type { z } from 'zod';

/** Events whose time-stamps are worth keeping: rows of the journal over there go where the interface does not reach after two months
 * (contracts/pastell.md §4.6). */
const KEY_EVENTS: ReadonlySet<string> = new Set(['send-iparapheur', 'recu-iparapheur', 'send-tdt', 'acquiter-tdt', 'info-tdt', 'refus-tdt', 'accepter-sae']);

/** Something was done with a document. */
const DEED = '1';

/** A time-stamp holds some 5 KB. */
const LONGEST_TOKEN = 64 * 1024;

type JournalRow = z.infer<typeof journalRows>[number];

/** The time-stamps of the key events of a document, each with the text that it proves. What is not there yet, not allowed, or does not prove the
 * text is left out with a warning: it decides nothing. */
export async function bringProofs(session: Session, id: string, context: ConnectorContext): Promise<readonly ResultDocument[]> {
  const answer = await session.api.call({ method: 'GET', path: ['journal'], query: [['id_e', String(session.entity)], ['id_d', id], ['offset', '0'], ['limit', '100']] });
  if (!answer.ok) {
    context.logger.warn('Pastell does not give the journal; the time-stamps of the document are not brought back', { document: id, status: answer.status, reason: answer.words });
    return [];
  }
  const documents: ResultDocument[] = [];
  for (const event of latest(shaped(journalRows, answer.value))) documents.push(...await proofOf(session, event, context));
  return documents;
}

/** The last one of each kind, in the order in which they happened; the journal tells the newest first. */
function latest(rows: readonly JournalRow[]): readonly JournalRow[] {
  const found = new Map<string, JournalRow>();
  for (const row of rows) if (row.type === DEED && KEY_EVENTS.has(row.action) && !found.has(row.action)) found.set(row.action, row);
  return [...found.values()].toReversed();
}

async function proofOf({ api }: Session, { id_j, action, message_horodate: text }: JournalRow, context: ConnectorContext): Promise<readonly ResultDocument[]> {
  const got = await api.download(['journal', id_j, 'jeton']);
  const token = got.ok ? await startOfAnswer(got.answer, LONGEST_TOKEN) : Buffer.alloc(0);
  // RFC 3161 §2.4.2: the reply repeats the imprint of what was stamped.
  if (token.length === 0 || !token.includes(createHash('sha256').update(text).digest())) {
    context.logger.warn('The time-stamp of an event is not there, or is of another text', { event: action, status: got.ok ? 200 : got.status });
    return [];
  }
  const keep = async (filename: string, mediaType: string, bytes: Buffer): Promise<ResultDocument> => ({ title: `${action}, time-stamp`, filename, mediaType, ...await context.blobs.keep(Readable.from([bytes])), role: 'time-stamp' });
  return [await keep(`${action}.tsr`, 'application/timestamp-reply', token), await keep(`${action}.txt`, 'text/plain', Buffer.from(text))];
}
