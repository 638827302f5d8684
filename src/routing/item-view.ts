import type { NewItem } from '../domain/item.js';
import type { Organisation } from '../domain/organisation.js';

/** What a condition can ask about an item: plain JSON, without anything that belongs to the machinery. Organisations are
 * named by the id that the administrator gave them, where it is known, and annexes carry no bytes. */
export function viewOfItem(item: NewItem, organisations: readonly Organisation[]): Record<string, unknown> {
  const nameOf = (uid: string): string => organisations.find((organisation) => organisation.uid === uid)?.id ?? uid;
  return {
    uid: item.uid,
    kind: item.kind,
    source: item.source,
    meetingConfig: item.configId,
    creator: item.creator,
    reviewState: item.reviewState,
    proposingOrganisation: nameOf(item.proposingOrganisation),
    title: item.title,
    category: item.category,
    description: item.description,
    detailedDescription: item.detailedDescription,
    motivation: item.motivation,
    decision: item.decision,
    preferredMeeting: item.preferredMeeting,
    meeting: item.meeting,
    externalIdentifier: item.externalIdentifier,
    toDiscuss: item.toDiscuss,
    associatedOrganisations: item.associatedOrganisations.map(nameOf),
    organisationsInCharge: item.organisationsInCharge.map(nameOf),
    extra: item.extra,
    annexes: item.annexes.map((annex) => ({
      title: annex.title,
      type: annex.typeId,
      relatedTo: annex.relatedTo,
      filename: annex.filename,
      mediaType: annex.mediaType,
      size: annex.size,
    })),
  };
}
