import type { CouncilItem } from '../../src/connector-api/deliberation.js';
import type { Rejection } from './api.js';
import type { RestSettings } from './config.js';
import type { ItemElement } from './elements.js';
import { ALL_FIELDS } from './item-fields.js';
import { inNameOf, type Query } from './query.js';
import { itemOf, readElement } from './read-item.js';
import { isSince, TELLS_HIDDEN, type Session } from './session.js';

/** Everything about an item in one call. */
const EVERYTHING: Query = {
  metadata_fields: ALL_FIELDS,
  extra_include: ['annexes', 'pod_templates', 'meeting', 'category', 'proposing_group', 'config', 'attendees'],
  extra_include_meeting_metadata_fields: ['date', 'assembly_excused', 'assembly_absents', 'assembly_guests'],
  extra_include_annexes_metadata_fields: ['content_category', 'file'],
  extra_include_pod_templates_metadata_fields: 'odt_file',
  additional_values: 'formatted_itemAssembly',
};

/** An item as a user of PloneMeeting sees it; null: as the account. */
export async function fetchItem(session: Session, uid: string, user: string | null, settings: RestSettings): Promise<CouncilItem | 'unknown' | 'hidden'> {
  const element = await fetchElement(session, uid, user, EVERYTHING);
  return typeof element === 'string' ? element : itemOf(element, settings);
}

/** As `fetchItem`, as PloneMeeting tells it, with what `query` asks for. */
export async function fetchElement({ api, server }: Session, uid: string, user: string | null, query: Query): Promise<ItemElement | 'unknown' | 'hidden'> {
  const known = await server();
  const answered = await api.ask({ path: '/@item', query: { UID: uid, ...inNameOf(user), ...query } });
  if (!('rejected' in answered)) return readElement(answered.body, api.who);
  const { rejected } = answered;
  if (rejected.status === 404 && isElementError(rejected)) return 'unknown';
  if (rejected.status === 403 && rejected.isJson) return 'hidden';
  // A user whom nobody knows sees nothing; and before 2.12 what is not there and what may not be seen are told alike.
  if (rejected.status === 400 && (isUnknownUser(rejected) || !isSince(known, TELLS_HIDDEN))) return 'hidden';
  throw await api.failure(rejected);
}

/** True for a 404 about an element, and not about an endpoint or a page of whoever stands before PloneMeeting. */
export function isElementError({ isJson, message }: Pick<Rejection, 'isJson' | 'message'>): boolean {
  return isJson && !/^Resource not found/i.test(message);
}

export function isUnknownUser({ message }: Pick<Rejection, 'message'>): boolean {
  return /\bin_name_of\b.*\bnot found\b/i.test(message);
}
