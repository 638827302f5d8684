import type { CouncilAnnex, CouncilItem } from '../connector-api/deliberation.js';
import type { Reading } from '../deliberation/backend.js';
import { findMeeting } from '../deliberation/meetings.js';
import { readItem, type ReadItem, type ShownAnnex, type UpstreamView } from '../deliberation/read-item.js';
import type { Annex, Item } from '../domain/item.js';
import type { Meeting, MeetingConfig } from '../domain/meeting-config.js';
import { hasUid } from '../domain/organisation.js';

/** The item as its reader sees it over there. Of ours it keeps our uid, the caller's identifier, and what steps brought back here: files
 * and fields; all else is what the other side knows better. */
export function upstreamItem({ authority, reader }: Reading, connector: string, seen: CouncilItem, ours?: Item): ReadItem {
  const item = ours === undefined ? known(authority.id, seen) : { ...ours, ...overThere(seen), ...remaining(ours, seen), ...emptyTexts(ours, seen) };
  const organisation = authority.organisations.find((one) => hasUid(one, seen.proposingOrganisation));
  const read = readItem(authority, reader, { ...item, proposingOrganisation: organisation?.uid ?? seen.proposingOrganisation });
  return {
    ...read,
    meeting: seen.meeting === null ? undefined : meetingOf(read.config, seen.configId, seen.meeting),
    preferredMeeting: read.config && findMeeting(read.config, seen.preferredMeeting),
    upstream: view(connector, seen, ours?.annexes ?? []),
  };
}

/** What an item is over there, under our names. */
function overThere(seen: CouncilItem): Omit<Item, keyof ReturnType<typeof nothingMore> | 'uid' | 'authority' | 'externalIdentifier' | 'proposingOrganisation'> {
  const { id, configId, title, creator, createdAt, modifiedAt, reviewState, description, detailedDescription, motivation, decision, preferredMeeting } = seen;
  return {
    id, configId, title, creator, createdAt, modifiedAt, reviewState, description, detailedDescription, motivation, decision, preferredMeeting,
    category: seen.category?.id ?? null, meeting: seen.meeting?.uid ?? null,
  };
}

function remaining(ours: Item, seen: CouncilItem): Pick<Item, 'externalIdentifier' | 'annexes'> {
  return {
    externalIdentifier: ours.externalIdentifier === '' ? seen.externalIdentifier : ours.externalIdentifier,
    annexes: ours.annexes.filter((annex) => annex.role !== undefined && !seen.annexes.some((theirs) => isSameFile(annex, theirs))),
  };
}

const TEXTS = ['description', 'detailedDescription', 'motivation', 'decision'] as const;

/** Texts that were empty when they were sent, and are still: an empty text and an empty paragraph are one, and callers read the one that
 * they read without a system behind (contracts/ws4pm.md §6 item 97). */
function emptyTexts(ours: Item, seen: CouncilItem): Partial<Pick<Item, (typeof TEXTS)[number]>> {
  return Object.fromEntries(TEXTS.filter((name) => isEmpty(seen[name]) && isEmpty(ours[name])).map((name) => [name, ours[name]]));
}

function isEmpty(html: string): boolean {
  return html === '' || html === '<p></p>';
}

/** What was brought back from over there is shown from there. */
function isSameFile(ours: Pick<Annex, 'filename' | 'size'>, theirs: Pick<CouncilAnnex, 'filename' | 'size'>): boolean {
  return ours.filename === theirs.filename && ours.size === theirs.size;
}

function known(authority: string, seen: CouncilItem): Item {
  const { uid, externalIdentifier, proposingOrganisation } = seen;
  return { uid, authority, externalIdentifier, proposingOrganisation, ...overThere(seen), ...nothingMore() };
}

/** What an item that is not ours does not have here. */
function nothingMore() {
  return {
    kind: 'deliberation', source: '', toDiscuss: true, associatedOrganisations: [], organisationsInCharge: [], optionalAdvisers: [], extra: {}, annexes: [],
  } satisfies Partial<Item>;
}

/** The date is the one that came with the item: the meetings of the config were read at another time, or not at all. */
function meetingOf(config: MeetingConfig | undefined, configId: string, { uid, date }: NonNullable<CouncilItem['meeting']>): Meeting {
  const declared = config && findMeeting(config, uid);
  return declared === undefined
    ? { uid, id: uid, configId, date, state: '', assembly: { text: '', excused: '', absents: '', guests: '', attendees: [] } }
    : { ...declared, date };
}

function view(connector: string, seen: CouncilItem, ours: readonly Annex[]): UpstreamView {
  return {
    connector, uid: seen.uid, address: seen.address, stateTitle: seen.reviewStateTitle, creatorName: seen.creatorName,
    categoryTitle: seen.category?.title ?? null, assembly: seen.assembly, fields: seen.extra,
    annexes: seen.annexes.map((annex) => shownAnnex(annex, ours)), templates: seen.documents,
  };
}

/** Long ids of annex types end with the short one (contracts/plonemeeting-rest.md §2). */
function shownAnnex(annex: CouncilAnnex, ours: readonly Annex[]): ShownAnnex {
  const { id, title, filename, typeId, size, place } = annex;
  const kept = ours.find((one) => isSameFile(one, annex))?.sha256 ?? null;
  return { id, title, filename, typeId: typeId.split('_-_').at(-1) ?? typeId, typeAddress: typeId, size, bytes: { place, kept } };
}
