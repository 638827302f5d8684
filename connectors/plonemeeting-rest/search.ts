import type { CouncilItem, CouncilQuery } from '../../src/connector-api/deliberation.js';
import type { RestSettings } from './config.js';
import { itemElement, type ItemElement } from './elements.js';
import { isUnknownUser } from './fetch-item.js';
import { SUMMARY_FIELDS } from './item-fields.js';
import { carried } from './own-mark.js';
import { searchRows } from './pages.js';
import { inNameOf, type Query } from './query.js';
import { itemOf, NO_MEETING } from './read-item.js';
import type { Session } from './session.js';

/** Main fields of items, in the order in which SOAP gives them. */
const MAIN: Query = { metadata_fields: SUMMARY_FIELDS, extra_include: ['meeting', 'category', 'proposing_group', 'config'], sort_on: 'created' };

/** Items that a user of PloneMeeting may see; null: as the account. */
export async function* searchItems({ api }: Session, query: CouncilQuery, user: string | null, settings: RestSettings): AsyncGenerator<CouncilItem> {
  // There is no index of decisions, and an index that is not there is passed over: everything would be answered (contracts/plonemeeting-rest.md §8.5).
  if (query.decision !== undefined) return;
  const criteria = indexesOf(query);
  if (Object.values(criteria).every((value) => value === undefined)) return;
  for await (const element of searchRows(api, itemElement, { ...scopeOf(query, user), ...criteria, ...inNameOf(user), ...MAIN }, { isNone: isUnknownUser })) {
    if (answers(element, query)) yield itemOf(element, settings, query.configId);
  }
}

/** Without a config, `type=item` needs somebody to search for (§4.1). */
function scopeOf({ configId }: CouncilQuery, user: string | null): Query {
  return configId === undefined && user === null ? { meta_type: 'MeetingItem' } : { type: 'item' };
}

function indexesOf(query: CouncilQuery): Query {
  return {
    config_id: query.configId, UID: query.uid, Creator: query.creator, Title: query.title, Description: query.description, SearchableText: query.text,
    getCategory: query.category, getProposingGroup: query.organisation, review_state: query.reviewState,
    meeting_uid: query.meeting === null ? NO_MEETING : query.meeting,
    externalIdentifier: query.externalIdentifier === undefined ? undefined : spellings(query.externalIdentifier),
  };
}

/** As it may stand there: as it is, and as we carry it. */
export function spellings(externalIdentifier: string): readonly string[] {
  return [...new Set([externalIdentifier, carried(externalIdentifier)])];
}

/** A site may lack the index of external identifiers, and answers other people's items then (§10). */
function answers(element: ItemElement, { externalIdentifier, uid }: CouncilQuery): boolean {
  if (uid !== undefined && element.UID !== uid) return false;
  return externalIdentifier === undefined || spellings(externalIdentifier).includes(element.externalIdentifier ?? '');
}
