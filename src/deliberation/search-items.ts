import type { Reading } from './backend.js';
import { requireConfig } from './find-config.js';
import { hidesDecision, hidesSomeDecision, readItem, type ReadItem } from './read-item.js';
import { parseSearchQuery } from './search-query.js';
import { visibilityOf } from './visibility.js';
import type { Authority } from '../domain/authority.js';
import { RelaisError } from '../errors.js';
import type { HistoryStore, ItemQuery, TextField } from '../history/store.js';

/** Names as in the contract; an absent or empty one does not count (contracts/ws4pm.md §3.8). */
export interface SearchCriteria {
  readonly Creator?: string | undefined;
  readonly Description?: string | undefined;
  readonly SearchableText?: string | undefined;
  readonly Title?: string | undefined;
  readonly UID?: string | undefined;
  readonly getCategory?: string | undefined;
  readonly getDecision?: string | undefined;
  readonly getProposingGroup?: string | undefined;
  readonly portal_type?: string | undefined;
  readonly review_state?: string | undefined;
  readonly meeting_uid?: string | undefined;
  readonly meetingConfigId?: string | undefined;
  readonly externalIdentifier?: string | undefined;
}

/** Value of `meeting_uid` that selects items in no meeting. */
const IN_NO_MEETING = 'whatever';

const PORTAL_TYPE_PREFIX = 'MeetingItem';

const TEXT_CRITERIA: readonly (readonly [keyof SearchCriteria, TextField])[] = [
  ['Title', 'title'], ['Description', 'description'], ['SearchableText', 'everything'], ['getDecision', 'decision'],
];

/** What SearchableText looks into for a reader from whom some decision is hidden. */
const WITHOUT_DECISIONS: Partial<Record<TextField, TextField>> = { everything: 'allButDecision' };

/** Throws RELAIS_WS4PM_NO_CRITERION if nothing is asked. Comes before every other check. */
export function requireCriterion(criteria: SearchCriteria): void {
  if (Object.values(criteria).some((value) => value !== undefined && value !== '')) return;
  throw new RelaisError('RELAIS_WS4PM_NO_CRITERION', 'searchItems: found no criterion, expected at least one that is not empty; inTheNameOf is not a criterion.');
}

/** Items that hold all criteria and that the reader may see, oldest first. Everything wrong with the criteria is thrown
 * here and not while the result is read: RELAIS_WS4PM_CONFIG, RELAIS_WS4PM_QUERY. */
export function searchItems(history: HistoryStore, reading: Reading, criteria: SearchCriteria): AsyncIterable<ReadItem> {
  const query = itemQuery(reading, criteria);
  return query === undefined ? nothing() : visibleItems(history, reading, query);
}

async function* visibleItems(history: HistoryStore, { authority, reader }: Reading, query: ItemQuery): AsyncIterable<ReadItem> {
  const asksDecision = query.text?.some(({ field }) => field === 'decision') ?? false;
  for await (const item of history.search(authority.id, query, visibilityOf(authority, reader))) {
    const read = readItem(authority, reader, item);
    // A hidden decision must not be guessed word by word.
    if (!asksDecision || !hidesDecision(read)) yield read;
  }
}

async function* nothing(): AsyncIterable<never> {
  // A criterion that no item can hold.
}

/** Undefined: no item can hold it. */
function itemQuery({ authority, reader }: Reading, criteria: SearchCriteria): ItemQuery | undefined {
  const configId = configOf(authority, criteria);
  if (configId === null) return undefined;
  const instead = hidesSomeDecision(authority, reader) ? WITHOUT_DECISIONS : {};
  const text = TEXT_CRITERIA.flatMap(([name, field]) => {
    const source = given(criteria[name]);
    return source === undefined ? [] : [{ field: instead[field] ?? field, query: parseSearchQuery(name, source) }];
  });
  return withoutUndefined({
    uid: given(criteria.UID),
    creator: given(criteria.Creator),
    category: given(criteria.getCategory),
    configId,
    proposingOrganisation: given(criteria.getProposingGroup),
    reviewState: given(criteria.review_state),
    meeting: meetingOf(criteria),
    externalIdentifier: given(criteria.externalIdentifier),
    text: text.length === 0 ? undefined : text,
  });
}

/** Null: in no meeting; undefined: in any or none. */
export function meetingOf({ meeting_uid: uid }: SearchCriteria): string | null | undefined {
  return uid === IN_NO_MEETING ? null : given(uid);
}

/** Id of the config to search in, undefined for all, null if `portal_type` is the type of none. With `portal_type`
 * given, `meetingConfigId` is neither checked nor used. Throws RELAIS_WS4PM_CONFIG. */
export function configOf(authority: Authority, criteria: SearchCriteria): string | undefined | null {
  const portalType = given(criteria.portal_type);
  if (portalType !== undefined) {
    return authority.meetingConfigs.find((config) => `${PORTAL_TYPE_PREFIX}${config.shortName}` === portalType)?.id ?? null;
  }
  const configId = given(criteria.meetingConfigId);
  return configId === undefined ? undefined : requireConfig(authority, configId).id;
}

/** Undefined where it is empty. */
export function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function withoutUndefined(query: { readonly [Member in keyof ItemQuery]: ItemQuery[Member] | undefined }): ItemQuery {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}
