import type { CouncilAnnex, CouncilDocument, CouncilItem } from '../../src/connector-api/deliberation.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { safeFilename } from '../../src/domain/safe-filename.js';
import { annexPlace } from './annex-place.js';
import type { RestSettings } from './config.js';
import { itemElement, type AnnexElement, type ItemElement, type PodTemplate } from './elements.js';
import { itemAssembly } from './item-assembly.js';
import { extraOf } from './item-fields.js';
import { momentOf } from './moments.js';
import { given } from './own-mark.js';

/** Token of «no meeting» (contracts/plonemeeting-rest.md §2). */
export const NO_MEETING = 'whatever';

/** Throws OutcomeUnknown for what is no item. */
export function readElement(body: unknown, who: string): ItemElement {
  const read = itemElement.safeParse(body);
  if (!read.success) throw new OutcomeUnknown(`${who} answered something else than an item.`);
  return read.data;
}

/** An item as PloneMeeting tells it. `configId` where the answer does not say it. */
export function itemOf(element: ItemElement, { timeZone }: Pick<RestSettings, 'timeZone'>, configId = ''): CouncilItem {
  const extra = extraOf(element);
  return {
    uid: element.UID, id: element.id, configId: element.extra_include_config?.id ?? configId, title: element.title, address: element['@id'],
    createdAt: momentOf(element.created, timeZone) ?? 0, modifiedAt: momentOf(element.modified, timeZone) ?? 0,
    ...creatorOf(element), ...stateOf(element), ...textsOf(element),
    proposingOrganisation: groupOf(element), category: categoryOf(element), preferredMeeting: preferredOf(element), meeting: meetingOf(element, timeZone),
    externalIdentifier: given(element.externalIdentifier ?? ''), extra, assembly: itemAssembly(element, extra),
    annexes: (element.extra_include_annexes ?? []).map(annexOf), documents: (element.extra_include_pod_templates ?? []).flatMap(documentsOf),
  };
}

function stateOf({ review_state: state }: ItemElement): Pick<CouncilItem, 'reviewState' | 'reviewStateTitle'> {
  return { reviewState: state?.token ?? '', reviewStateTitle: state?.title ?? '' };
}

function textsOf({ description = '', detailedDescription = '', motivation = '', decision = '' }: ItemElement): Pick<CouncilItem, 'description' | 'detailedDescription' | 'motivation' | 'decision'> {
  return { description, detailedDescription, motivation, decision };
}

function groupOf({ proposingGroup, extra_include_proposing_group: group }: ItemElement): string {
  return group?.UID ?? proposingGroup?.token ?? '';
}

/** The uid of the meeting that the item is in; null: in none. */
export function meetingUidOf({ extra_include_meeting: meeting }: ItemElement): string | null {
  return meeting?.UID ?? null;
}

export function preferredOf({ preferredMeeting }: ItemElement): string | null {
  const token = preferredMeeting?.token ?? '';
  return token === '' || token === NO_MEETING ? null : token;
}

function meetingOf(element: ItemElement, timeZone: string): CouncilItem['meeting'] {
  const uid = meetingUidOf(element);
  const date = momentOf(element.extra_include_meeting?.date ?? '', timeZone);
  return uid === null || date === null ? null : { uid, date };
}

function creatorOf({ creators }: ItemElement): Pick<CouncilItem, 'creator' | 'creatorName'> {
  const first = creators?.[0];
  return { creator: first?.token ?? '', creatorName: first?.title ?? '' };
}

function categoryOf({ category, extra_include_category: included }: ItemElement): CouncilItem['category'] {
  const id = included?.id ?? category?.token ?? '';
  return id === '' ? null : { id, title: included?.title ?? category?.title ?? '' };
}

function annexOf(annex: AnnexElement): CouncilAnnex {
  const filename = safeFilename(annex.file?.filename ?? '') ?? annex.id;
  return {
    id: annex.id, title: annex.title, typeId: annex.content_category?.token ?? annex.category_id ?? '', relatedTo: annex['@type'] === 'annexDecision' ? 'decision' : 'item',
    filename, mediaType: annex.file?.['content-type'] ?? 'application/octet-stream', size: annex.file?.size ?? null, place: annexPlace(annex),
  };
}

function documentsOf({ id, title, outputs, odt_file: file }: PodTemplate): readonly CouncilDocument[] {
  return outputs.map(({ format }) => ({ templateId: `${id}__format__${format}`, title, format, filename: file?.filename ?? `${id}.odt` }));
}
