import type { Submission } from '../../src/connector-api/connector.js';
import type { CouncilItem } from '../../src/connector-api/deliberation.js';
import { linkedAnswer } from './answers.js';
import { actingUser, type CouncilSoapSettings } from './config.js';
import { identifierOf } from './identifier.js';
import { searchItems } from './search-items.js';
import { readPlainly, type ServiceContext } from './service.js';

const HOUR_MS = 3_600_000;

/** Clocks that differ, and times whose zone is not told, stay below these. */
const SURELY_AFTER_MS = HOUR_MS;
const SURELY_BEFORE_MS = 24 * HOUR_MS;

/** Whether any item has the identifier, whoever may see it. */
export async function isLinked(externalIdentifier: string, configId: string | null, settings: CouncilSoapSettings, context: ServiceContext): Promise<boolean> {
  const values = { meetingConfigId: configId ?? undefined, externalIdentifier };
  return externalIdentifier !== '' && (await readPlainly('checkIsLinked', values, linkedAnswer, settings, context)).isLinked;
}

/** Whether a submission is over there. Identifiers are not unique, and the same caller may send a thing again on purpose: it is the
 * one of the same creator and title that was made since Relais took the item. `absent` is proved: nothing has the identifier, or
 * only what is clearly another. */
export async function recognise(submission: Submission, settings: CouncilSoapSettings, context: ServiceContext): Promise<{ readonly uid: string } | 'absent' | 'unknown'> {
  const { item } = submission;
  if (!await isLinked(identifierOf(item), item.configId, settings, context)) return 'absent';
  const linked = await linkedItems(submission, settings, context);
  // it is there, and cannot be seen
  if (linked.length === 0) return 'unknown';
  if (item.externalIdentifier === '') return linked[0] !== undefined && linked.length === 1 ? { uid: linked[0].uid } : 'unknown';
  const creator = actingUser(settings, item.creator) ?? settings.login;
  const possible = linked.filter((one) => one.creator === creator && one.createdAt >= item.createdAt - SURELY_BEFORE_MS);
  const [only] = possible;
  if (only === undefined) return 'absent';
  const isOurs = possible.length === 1 && only.createdAt >= item.createdAt - SURELY_AFTER_MS && words(only.title) === words(item.title);
  return isOurs ? { uid: only.uid } : 'unknown';
}

/** As their creator sees them, and as the account does. */
async function linkedItems(submission: Submission, settings: CouncilSoapSettings, context: ServiceContext): Promise<readonly CouncilItem[]> {
  const { item } = submission;
  const query = { configId: item.configId, externalIdentifier: identifierOf(item) };
  const readers = actingUser(settings, item.creator) === undefined ? [null] : [item.creator, null];
  const found = new Map<string, CouncilItem>();
  for (const reader of readers) {
    for await (const one of searchItems(query, reader, settings, context)) found.set(one.uid, one);
  }
  return [...found.values()];
}

function words(title: string): string {
  return title.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
