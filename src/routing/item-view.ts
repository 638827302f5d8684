import type { Authority } from '../domain/authority.js';
import type { Item, NewItem } from '../domain/item.js';
import type { StepResult } from '../domain/mapping.js';
import { uidsOf, type Organisation } from '../domain/organisation.js';
import { wallClock } from '../domain/wall-clock.js';

/** What conditions and mappings see of an item: plain JSON. The names are documented for administrators and stay. */
export type ItemView = Readonly<Record<typeof VIEW_NAMES[number], unknown>>;

export const VIEW_NAMES = [
  'uid', 'kind', 'source', 'meetingConfig', 'creator', 'createdAt', 'modifiedAt', 'reviewState', 'proposingOrganisation', 'title', 'category',
  'description', 'detailedDescription', 'motivation', 'decision', 'preferredMeeting', 'meeting', 'meetingDate', 'externalIdentifier', 'toDiscuss',
  'associatedOrganisations', 'organisationsInCharge', 'optionalAdvisers', 'extra', 'annexes', 'results',
] as const;

/** What names what an item only refers to. */
export type ViewSurroundings = Pick<Authority, 'organisations' | 'meetingConfigs' | 'ws4pm'>;

const ids = new WeakMap<readonly Organisation[], ReadonlyMap<string, string>>();

/** The view of an item. Organisations are named by the id that the administrator gave them, where it is known; moments are
 * ISO texts in UTC, the date of the meeting is that of the town; annexes carry their hash and no bytes. `results`: what the steps before brought back, by step. */
export function viewOfItem(item: Item | NewItem, around: ViewSurroundings, results: Readonly<Record<string, StepResult>> = {}): ItemView {
  const idOf = (uid: string): string => idsOf(around.organisations).get(uid) ?? uid;
  return {
    uid: item.uid,
    kind: item.kind,
    source: item.source,
    meetingConfig: item.configId,
    creator: item.creator,
    createdAt: new Date(item.createdAt).toISOString(),
    modifiedAt: new Date(item.modifiedAt).toISOString(),
    reviewState: item.reviewState,
    proposingOrganisation: idOf(item.proposingOrganisation),
    title: item.title,
    category: item.category,
    description: item.description,
    detailedDescription: item.detailedDescription,
    motivation: item.motivation,
    decision: item.decision,
    preferredMeeting: item.preferredMeeting,
    meeting: item.meeting,
    meetingDate: meetingDateOf(item, around),
    externalIdentifier: item.externalIdentifier,
    toDiscuss: item.toDiscuss,
    associatedOrganisations: item.associatedOrganisations.map(idOf),
    organisationsInCharge: item.organisationsInCharge.map(idOf),
    optionalAdvisers: item.optionalAdvisers,
    extra: item.extra,
    annexes: item.annexes.map((annex) => ({
      id: annex.id,
      role: annex.role ?? null,
      title: annex.title,
      type: annex.typeId,
      relatedTo: annex.relatedTo,
      filename: annex.filename,
      mediaType: annex.mediaType,
      size: annex.size,
      sha256: annex.sha256,
      confidential: annex.confidential,
    })),
    results,
  };
}

/** `2027-03-02`; null without a meeting, or where it is configured no more. */
function meetingDateOf({ configId, meeting }: Item | NewItem, { meetingConfigs, ws4pm }: ViewSurroundings): string | null {
  const found = meeting === null ? undefined : meetingConfigs.find(({ id }) => id === configId)?.meetings.find(({ uid }) => uid === meeting);
  return found === undefined ? null : new Date(wallClock(ws4pm.timeZone, found.date)).toISOString().slice(0, 10);
}

function idsOf(organisations: readonly Organisation[]): ReadonlyMap<string, string> {
  let known = ids.get(organisations);
  if (known === undefined) {
    known = new Map(organisations.flatMap((organisation) => uidsOf(organisation).map((uid) => [uid, organisation.id])));
    ids.set(organisations, known);
  }
  return known;
}
