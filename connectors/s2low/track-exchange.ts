import type { ConnectorContext, ResultDocument, Tracking } from '../../src/connector-api/connector.js';
import { readActeMessage } from '../../src/formats/actes/read-message.js';
import { FormatError } from '../../src/formats/format-error.js';
import { describeAnomaly } from '../../src/tele-transmission/describe-anomaly.js';
import { ACT_STATUSES } from './act-status.js';
import type { Api } from './api.js';
import type { S2lowSettings } from './config.js';
import { keepBytes } from './download.js';
import { readActStatus } from './read-status.js';
import { rejectionOf } from './rejected-with.js';
import type { Remembered } from './receipt.js';
import { refusedSince } from './refused-since.js';
import { standingStill } from './standing-still.js';
import { UnusableAnswer } from './unusable-answer.js';

const IN_ERROR = -1;
const SENT = 3;
const ACKNOWLEDGED = 4;

/** A reply to a simple letter is never acknowledged: it ends when it is sent (contracts/s2low.md §3.5). */
const SIMPLE_LETTER = '2';

const REFUSED = {
  answer: { fr: 'La réponse est refusée : ', en: 'The answer was refused: ' },
  cancellation: { fr: 'L\'annulation est refusée : ', en: 'The cancellation was refused: ' },
} as const;

/** An answer to the prefecture. */
export async function trackAnswer(data: Remembered<'answer'>, api: Api, settings: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const standing = await readActStatus(api, data.transaction);
  if ('refused' in standing) return refusedSince(data, standing.refused, context.clock.now(), 'The answer');
  if (standing.status === IN_ERROR) return await inError('answer', data.transaction, standing.payload, settings, context);
  if (standing.status === SENT && data.letterType === SIMPLE_LETTER) return { state: 'done', results: { fields: { transaction: data.transaction } } };
  // An acknowledgement of an answer is status 4 or, of old, 11.
  if (standing.status !== ACKNOWLEDGED && standing.status !== 11) return standingStill(data, standing.status, ACT_STATUSES.get(standing.status), settings, context);
  return { state: 'done', results: await acknowledgement(standing.payload, data.transaction, 'acknowledgement of the answer', context) };
}

/** A request to cancel an act: it is granted when the prefecture acknowledges it (§3.9). */
export async function trackCancellation(data: Remembered<'cancellation'>, api: Api, settings: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const standing = await readActStatus(api, data.transaction);
  if ('refused' in standing) return refusedSince(data, standing.refused, context.clock.now(), 'The cancellation');
  if (standing.status === IN_ERROR) return await inError('cancellation', data.transaction, standing.payload, settings, context);
  if (standing.status !== ACKNOWLEDGED) return standingStill(data, standing.status, ACT_STATUSES.get(standing.status), settings, context);
  return { state: 'done', results: await acknowledgement(standing.payload, data.transaction, 'acknowledgement of the cancellation', context) };
}

async function inError(what: keyof typeof REFUSED, transaction: string, payload: Buffer, { language }: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const { message, words, documents } = await rejectionOf(payload, transaction, context);
  return { state: 'rejected', reason: `${REFUSED[what][language]}${describeAnomaly(message, words, language)}.`, results: { fields: { transaction }, documents } };
}

async function acknowledgement(payload: Buffer, transaction: string, title: string, context: ConnectorContext): Promise<{ fields: Record<string, string>; documents: readonly ResultDocument[] }> {
  if (payload.length === 0) return { fields: { transaction }, documents: [] };
  const { receivedOn } = messageOf(payload);
  const file = await keepBytes(payload, context);
  return {
    fields: { transaction, ...(receivedOn !== null && { acknowledgedOn: receivedOn }) },
    documents: [{ title, filename: `AR-${transaction}.xml`, mediaType: 'application/xml', ...file, role: 'acknowledgement' }],
  };
}

function messageOf(payload: Buffer): ReturnType<typeof readActeMessage> {
  try {
    return readActeMessage(payload);
  } catch (error) {
    if (error instanceof FormatError) throw new UnusableAnswer(`The acknowledgement that S2LOW gives cannot be read. ${error.message}`, { cause: error });
    throw error;
  }
}
