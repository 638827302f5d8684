import { actingFor } from './acting-for.js';
import { itemInfo, MAIN_FIELDS, type ItemInfoOptions } from './item-info.js';
import { text } from './request-values.js';
import type { DeliberationContext } from '../deliberation/context.js';
import type { ReadItem } from '../deliberation/read-item.js';
import { requireCriterion, type SearchCriteria } from '../deliberation/search-items.js';
import { sourceOf } from '../deliberation/source-of.js';
import type { ReplyStruct, RequestStruct, SoapOperation } from '../soap/service.js';

/** contracts/ws4pm.md §3.8. Everything that can be refused is refused before the first item; then items go out one by
 * one as they are found. */
export function searchItemsOperation(context: DeliberationContext): SoapOperation {
  return {
    name: 'searchItems',
    handle: async (request, call) => {
      const criteria = searchCriteria(request);
      requireCriterion(criteria);
      const reading = actingFor(context, call, request, 'searchItems');
      return { itemInfo: infos(context, await context.backend.search(reading, criteria), { ...MAIN_FIELDS, source: sourceOf(context.authority, call.userId) }) };
    },
  };
}

/** `linkedMeetingUID` is the name that `meeting_uid` had until version 3.0. */
function searchCriteria(request: RequestStruct): SearchCriteria {
  return {
    Creator: text(request, 'Creator'),
    Description: text(request, 'Description'),
    SearchableText: text(request, 'SearchableText'),
    Title: text(request, 'Title'),
    UID: text(request, 'UID'),
    getCategory: text(request, 'getCategory'),
    getDecision: text(request, 'getDecision'),
    getProposingGroup: text(request, 'getProposingGroup'),
    portal_type: text(request, 'portal_type'),
    review_state: text(request, 'review_state'),
    meeting_uid: text(request, 'meeting_uid') ?? text(request, 'linkedMeetingUID'),
    meetingConfigId: text(request, 'meetingConfigId'),
    externalIdentifier: text(request, 'externalIdentifier'),
  };
}

async function* infos(context: DeliberationContext, items: AsyncIterable<ReadItem>, options: ItemInfoOptions): AsyncIterable<ReplyStruct> {
  for await (const read of items) yield itemInfo(context, read, options);
}
