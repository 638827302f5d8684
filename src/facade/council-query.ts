import type { CouncilQuery } from '../connector-api/deliberation.js';
import type { BackedConfig } from './backed-configs.js';
import { given, meetingOf, type SearchCriteria } from '../deliberation/search-items.js';

/** The criteria as the connector behind these configs takes them: of several configs none is named, and its answer is looked through. */
export function councilQueryFor(criteria: SearchCriteria, configs: readonly BackedConfig[]): CouncilQuery {
  const query: { readonly [Name in keyof CouncilQuery]: CouncilQuery[Name] | undefined } = {
    configId: configs.length === 1 ? configs[0]?.id : undefined,
    uid: given(criteria.UID),
    creator: given(criteria.Creator),
    title: given(criteria.Title),
    description: given(criteria.Description),
    decision: given(criteria.getDecision),
    text: given(criteria.SearchableText),
    category: given(criteria.getCategory),
    organisation: given(criteria.getProposingGroup),
    reviewState: given(criteria.review_state),
    meeting: meetingOf(criteria),
    externalIdentifier: given(criteria.externalIdentifier),
  };
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
}

/** What names an item, beside the config. */
const IDENTIFYING: ReadonlySet<string> = new Set(['externalIdentifier', 'meetingConfigId', 'portal_type'] satisfies (keyof SearchCriteria)[]);

/** Whether an identifier is all that is asked for, beside the config: callers who know an item look for it so. */
export function asksForIdentifier(criteria: SearchCriteria): criteria is SearchCriteria & { readonly externalIdentifier: string } {
  return given(criteria.externalIdentifier) !== undefined
    && Object.entries(criteria).every(([name, value]: [string, string | undefined]) => IDENTIFYING.has(name) || given(value) === undefined);
}
