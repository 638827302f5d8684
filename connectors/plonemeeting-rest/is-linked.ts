import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { recordOf } from './answers.js';
import type { Rejection } from './api.js';
import { isElementError } from './fetch-item.js';
import { spellings } from './search.js';
import { isSince, TELLS_LINKED, type Session } from './session.js';

/** Whether an item has the identifier, whoever may see it. */
export async function isLinked(session: Session, externalIdentifier: string, configId: string | null): Promise<boolean | 'unsure'> {
  if (externalIdentifier === '') return false;
  const told: (boolean | 'unsure')[] = [];
  for (const spelling of spellings(externalIdentifier)) {
    const one = await linkedAs(session, spelling, configId);
    if (one === true) return true;
    told.push(one);
  }
  return told.includes('unsure') ? 'unsure' : false;
}

async function linkedAs({ api, server }: Session, spelling: string, configId: string | null): Promise<boolean | 'unsure'> {
  const tellsLinked = isSince(await server(), TELLS_LINKED);
  const answered = await api.ask({ path: '/@get', query: { externalIdentifier: spelling, config_id: configId ?? undefined, metadata_fields: 'externalIdentifier' } });
  if ('rejected' in answered) return await linkedThough(answered.rejected, { api }, spelling, configId);
  const { UID: uid, externalIdentifier: found, items_total: total } = recordOf(answered.body);
  // Another item: the site lacks that index.
  if (typeof uid === 'string') return String(found) === spelling ? true : 'unsure';
  if (total === 0) return tellsLinked ? false : 'unsure';
  throw new OutcomeUnknown(`${api.who} answered something else than an item or none.`);
}

async function linkedThough(rejected: Rejection, { api }: Pick<Session, 'api'>, spelling: string, configId: string | null): Promise<boolean | 'unsure'> {
  const { status, isJson, message } = rejected;
  // SOAP searches whoever may see it, and so do we: what is there and hidden is linked.
  if (status === 403 && isJson) return true;
  if (status === 404 && isElementError(rejected)) return false;
  if (status === 400 && configId !== null) throw new Refused(`${api.who} answered 400: ${message}. Meeting config «${configId}» must exist over there.`);
  // What is not ASCII can upset the index itself; nothing is known then.
  if (status === 500 && /[^\x20-\x7E]/.test(spelling)) return 'unsure';
  throw await api.failure(rejected);
}
