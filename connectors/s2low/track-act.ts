import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { actResults, isAboutAct } from '../../src/tele-transmission/act-results.js';
import { describeAnomaly } from '../../src/tele-transmission/describe-anomaly.js';
import { actFiles } from './act-files.js';
import { ACKNOWLEDGED, ACT_STATUSES } from './act-status.js';
import type { Api } from './api.js';
import { fetchArActe } from './ar-acte.js';
import type { S2lowSettings } from './config.js';
import { readActStatus } from './read-status.js';
import type { Remembered } from './receipt.js';
import { refusedSince } from './refused-since.js';
import { rejectionOf } from './rejected-with.js';
import { standingStill } from './standing-still.js';

const IN_ERROR = -1;
const CANCELLED = 0;
const CLOSED_AS_REFUSED = 6;

const CANCELLED_WORDS = { fr: 'L\'acte est annulé : la préfecture a acquitté son annulation.', en: 'The act was cancelled: the prefecture has acknowledged its cancellation.' } as const;
const REFUSED_WORDS = { fr: 'L\'acte est clos comme refusé sur S²LOW.', en: 'The act was closed as refused on S2LOW.' } as const;

/** So long the files of an acknowledged act are asked for, and so often. */
const FILES_MS = 60 * 60_000;
const FILES_AGAIN_MS = 5 * 60_000;

export async function trackAct(data: Remembered<'act'>, api: Api, settings: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const standing = await readActStatus(api, data.transaction);
  if ('refused' in standing) return refusedSince(data, standing.refused, context.clock.now(), 'The act');
  const { status, payload } = standing;
  if (status === IN_ERROR) return await inError(data, payload, settings, context);
  if (status === CANCELLED) return { state: 'rejected', reason: CANCELLED_WORDS[settings.language] };
  if (status === CLOSED_AS_REFUSED) return { state: 'rejected', reason: REFUSED_WORDS[settings.language] };
  if (!ACKNOWLEDGED.has(status)) return standingStill(data, status, ACT_STATUSES.get(status), settings, context);
  return await acknowledged(data, payload, api, context);
}

/** contracts/s2low.md §3.2: a number is used up by whatever was posted under it. */
async function inError({ transaction, number }: Remembered<'act'>, payload: Buffer, { language }: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const { message, words, documents } = await rejectionOf(payload, transaction, context);
  const why = describeAnomaly(message, words, language);
  const reason = language === 'fr'
    ? `L'acte est refusé : ${why}. Le numéro ${number} est pris : corrigez l'acte et renvoyez-le sous un autre numéro.`
    : `The act was refused: ${why}. The number ${number} is used up: correct the act and send it under another one.`;
  return { state: 'rejected', reason, results: { fields: { transaction }, documents } };
}

async function acknowledged(data: Remembered<'act'>, payload: Buffer, api: Api, context: ConnectorContext): Promise<Tracking> {
  const { message, document } = await fetchArActe(api, data.transaction, payload, context);
  if (message.number !== null && !isAboutAct(message, data)) {
    throw new Refused(`The acknowledgement that S2LOW gives for the act ${data.number}, transaction ${data.transaction}, is of another one: «${message.number}». Nothing was concluded from it: ask the operator of S2LOW, then retry.`);
  }
  const { documents, complete } = await actFiles(api, data.transaction, data.publishedOn, context);
  const { incompleteSince = context.clock.now() } = data;
  if (!complete && context.clock.now() - incompleteSince < FILES_MS) {
    return { state: 'pending', note: 'The prefecture has acknowledged it; S2LOW does not give all of its files yet.', pollAfterMs: FILES_AGAIN_MS, data: { ...data, incompleteSince } };
  }
  if (!complete) context.logger.warn('S2LOW does not give all files of an act that is acknowledged', { transaction: data.transaction });
  return { state: 'done', results: actResults({ transaction: data.transaction, acknowledgement: message, publishedOn: data.publishedOn, documents: [document, ...documents] }) };
}
