import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { readActeMessage } from '../../src/formats/actes/read-message.js';
import { FormatError } from '../../src/formats/format-error.js';
import { actFiles } from './act-files.js';
import { ACKNOWLEDGED, ACT_STATUSES } from './act-status.js';
import type { Api } from './api.js';
import { fetchFile, keepBytes, readKept } from './download.js';
import { readActStatus } from './read-status.js';
import type { Remembered } from './receipt.js';
import { refusedSince } from './refused-since.js';
import { rejectedWith } from './rejected-with.js';
import { standingStill } from './standing-still.js';

const IN_ERROR = -1;
const CANCELLED = 0;
const CLOSED_AS_REFUSED = 6;

/** So long the files of an acknowledged act are asked for, and so often. */
const FILES_MS = 60 * 60_000;
const FILES_AGAIN_MS = 5 * 60_000;

export async function trackAct(data: Remembered<'act'>, api: Api, context: ConnectorContext): Promise<Tracking> {
  const standing = await readActStatus(api, data.transaction);
  if ('refused' in standing) return refusedSince(data, standing.refused, context.clock.now(), 'The act');
  const { status, payload } = standing;
  if (status === IN_ERROR) return withNewNumber(await rejectedWith(payload, 'The act was refused', context), data.number);
  if (status === CANCELLED) return { state: 'rejected', reason: 'The act was cancelled: the prefecture has acknowledged its cancellation.' };
  if (status === CLOSED_AS_REFUSED) return { state: 'rejected', reason: 'The act was closed as refused on S2LOW.' };
  if (!ACKNOWLEDGED.has(status)) return standingStill(data, status, ACT_STATUSES.get(status), context);
  return await acknowledged(data, payload, api, context);
}

/** contracts/s2low.md §3.2: a number is used up by whatever was posted under it. */
function withNewNumber(tracking: Tracking, number: string): Tracking {
  return tracking.state === 'rejected' ? { ...tracking, reason: `${tracking.reason} The number ${number} is used up: correct the act and send it under another one.` } : tracking;
}

async function acknowledged(data: Remembered<'act'>, payload: Buffer, api: Api, context: ConnectorContext): Promise<Tracking> {
  const receipt = await acknowledgement(data.transaction, payload, api, context);
  const { documents, complete } = await actFiles(api, data.transaction, data.publishedOn, context);
  const { incompleteSince = context.clock.now() } = data;
  if (!complete && context.clock.now() - incompleteSince < FILES_MS) {
    return { state: 'pending', note: 'The prefecture has acknowledged it; S2LOW does not give all of its files yet.', pollAfterMs: FILES_AGAIN_MS, data: { ...data, incompleteSince } };
  }
  if (!complete) context.logger.warn('S2LOW does not give all files of an act that is acknowledged', { transaction: data.transaction });
  return { state: 'done', results: actResults({ ...receipt, transaction: data.transaction, publishedOn: data.publishedOn, documents }) };
}
