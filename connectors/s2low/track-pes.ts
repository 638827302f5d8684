import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { matches } from '../../src/formats/pes/read-acquit.js';
import { pesTracking } from '../../src/tele-transmission/pes-results.js';
import type { Api } from './api.js';
import type { S2lowSettings } from './config.js';
import { fetchAcquit } from './fetch-acquit.js';
import { findByName } from './find-pes.js';
import { ANSWERED, HELIOS_STATUSES, WITHOUT_ACQUIT } from './helios-status.js';
import { readHeliosStatus } from './read-helios-status.js';
import type { Remembered } from './receipt.js';
import { refusedSince } from './refused-since.js';
import { standingStill } from './standing-still.js';
import { UnusableAnswer } from './unusable-answer.js';

const IN_ERROR = -1;
const CANCELLED = 0;

const SAYS = {
  fr: {
    refused: (nomFic: string, why: string) => `S²LOW refuse le flux ${nomFic} : ${why === '' ? 'il ne dit pas pourquoi' : `« ${why} »`}.`,
    cancelled: (nomFic: string) => `Le flux ${nomFic} a été annulé sur S²LOW.`,
  },
  en: {
    refused: (nomFic: string, why: string) => `S2LOW refused the flow ${nomFic}: ${why === '' ? 'it does not say why' : `«${why}»`}.`,
    cancelled: (nomFic: string) => `The flow ${nomFic} was cancelled on S2LOW.`,
  },
} as const;

const AT_ONCE_MS = 1_000;

export async function trackPes(data: Remembered<'pes'>, api: Api, settings: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const standing = await readHeliosStatus(api, data.transaction);
  if ('refused' in standing) return refusedSince(data, standing.refused, context.clock.now(), 'The flow');
  const { status, message } = standing;
  const twin = status === IN_ERROR ? await standingTwin(data, api) : null;
  if (twin !== null) return { state: 'pending', note: `The flow was stored twice over there; it stands as transaction ${twin}.`, pollAfterMs: AT_ONCE_MS, data: { ...data, transaction: twin } };
  if (status === IN_ERROR) return { state: 'rejected', reason: SAYS[settings.language].refused(data.nomFic, message) };
  if (status === CANCELLED) return { state: 'rejected', reason: SAYS[settings.language].cancelled(data.nomFic) };
  if (status === WITHOUT_ACQUIT) return { state: 'done', results: { fields: { transaction: data.transaction } } };
  if (ANSWERED.has(status)) return await answered(data, api, settings, context);
  return standingStill(data, status, HELIOS_STATUSES.get(status), settings, context);
}

/** Uploads of the same bytes that cross each other, after one whose answer was lost, may both be stored: the later one is then refused for its NomFic (contracts/s2low.md
 * §5.2), while the other goes to the treasury. Null where there is no other that stands. */
async function standingTwin({ transaction, sha1 }: Remembered<'pes'>, api: Api): Promise<string | null> {
  const found = sha1 === undefined ? 'unknown' : await findByName(api, sha1);
  if (typeof found !== 'object' || found.transaction === transaction) return null;
  const other = await readHeliosStatus(api, found.transaction);
  return 'status' in other && other.status > CANCELLED ? found.transaction : null;
}

/** Acceptance and rejection come under the same status: the acquit alone says which (contracts/s2low.md §5.3). */
async function answered(data: Remembered<'pes'>, api: Api, { language }: S2lowSettings, context: ConnectorContext): Promise<Tracking> {
  const fetched = await fetchAcquit(api, data.transaction, context);
  if (fetched === null) throw new UnusableAnswer(`S2LOW shows the flow ${data.nomFic} as answered, and does not give the acquit.`);
  const { file, acquit } = fetched;
  if (!matches(acquit, data)) {
    throw new Refused(`The acquit that S2LOW gives for the flow ${data.nomFic} (CodCol ${data.codCol}) answers another one: «${acquit.nomFic}» (CodCol ${acquit.codCol}). Nothing was concluded from it: ask the operator of S2LOW, then retry.`);
  }
  return pesTracking({ transaction: data.transaction, nomFic: data.nomFic, file, language }, acquit);
}
