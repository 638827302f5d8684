import { binary, child, flag, structs, text, texts } from './request-values.js';
import { createItem, type CreationContext } from '../deliberation/create-item/create-item.js';
import type { CreateItemRequest, CreationData, OfferedAnnex } from '../deliberation/create-item/create-item-request.js';
import type { RecentItems } from '../deliberation/create-item/recent-items.js';
import type { RequestStruct, SoapOperation } from '../soap/service.js';

/** createItem (contracts/ws4pm.md §4). `recent` is what calls before this one made. */
export function createItemOperation(context: CreationContext, recent: RecentItems): SoapOperation {
  return {
    name: 'createItem',
    async handle(request, { userId }) {
      const { uid, warnings } = await createItem(context, recent, userId, readRequest(request));
      return { UID: uid, warnings };
    },
  };
}

function readRequest(request: RequestStruct): CreateItemRequest {
  return {
    meetingConfigId: text(request, 'meetingConfigId'),
    proposingGroupId: text(request, 'proposingGroupId'),
    creationData: readCreationData(child(request, 'creationData')),
    cleanHtml: flag(request, 'cleanHtml') ?? true,
    wfTransitions: texts(request, 'wfTransitions'),
    inTheNameOf: text(request, 'inTheNameOf'),
  };
}

function readCreationData(data: RequestStruct): CreationData {
  return {
    title: text(data, 'title'),
    category: text(data, 'category'),
    description: text(data, 'description'),
    detailedDescription: text(data, 'detailedDescription'),
    motivation: text(data, 'motivation'),
    decision: text(data, 'decision'),
    preferredMeeting: text(data, 'preferredMeeting'),
    associatedGroups: texts(data, 'associatedGroups'),
    groupsInCharge: texts(data, 'groupsInCharge'),
    optionalAdvisers: texts(data, 'optionalAdvisers'),
    toDiscuss: flag(data, 'toDiscuss'),
    externalIdentifier: text(data, 'externalIdentifier'),
    extraAttrs: structs(data, 'extraAttrs').map((attribute) => ({ key: text(attribute, 'key') ?? '', value: text(attribute, 'value') ?? '' })),
    annexes: structs(data, 'annexes').map(readAnnex),
  };
}

function readAnnex(annex: RequestStruct): OfferedAnnex {
  return { title: text(annex, 'title'), annexTypeId: text(annex, 'annexTypeId'), filename: text(annex, 'filename'), file: binary(annex, 'file') };
}
