import { isManager } from './acting-user.js';
import { findConfig, managesConfig } from './find-config.js';
import { findMeeting, seesMeetings } from './meetings.js';
import type { Authority } from '../domain/authority.js';
import type { ItemFieldReaders } from '../domain/item-fields.js';
import type { Annex, Item } from '../domain/item.js';
import type { Meeting, MeetingConfig } from '../domain/meeting-config.js';
import type { Organisation } from '../domain/organisation.js';
import { isMember } from '../domain/organisation.js';
import type { User } from '../domain/user.js';

/** Meetings in this state have decisions that are still being written (contracts/ws4pm.md §2.3). */
const DECISIONS_IN_PROGRESS = 'decided';

/** An item that a user may see, with what it refers to looked up once. */
export interface ReadItem {
  readonly authority: Authority;
  readonly item: Item;
  readonly reader: User;
  /** Undefined if the configuration no longer declares it; only a global Manager still sees such an item. */
  readonly config: MeetingConfig | undefined;
  readonly organisation: Organisation | undefined;
  readonly meeting: Meeting | undefined;
  /** Undefined when there is none, and when the reader may not see it. */
  readonly preferredMeeting: Meeting | undefined;
  /** The reader manages the config of the item. */
  readonly manages: boolean;
  /** The reader belongs to the proposing organisation. */
  readonly proposes: boolean;
}

/** Looks up what an item refers to. That the reader may see the item was decided before. */
export function readItem(authority: Authority, reader: User, item: Item): ReadItem {
  const config = findConfig(authority, item.configId);
  const organisation = authority.organisations.find((one) => one.uid === item.proposingOrganisation);
  return {
    authority, item, reader, config, organisation,
    meeting: config && findMeeting(config, item.meeting),
    preferredMeeting: config && seesMeetings(authority, config, reader) ? findMeeting(config, item.preferredMeeting) : undefined,
    manages: config === undefined ? isManager(reader) : managesConfig(config, reader),
    proposes: organisation !== undefined && isMember(organisation, reader.id),
  };
}

/** True if what only `readers` may read is open to the reader of the item. */
export function mayRead(read: ReadItem, readers: ItemFieldReaders): boolean {
  if (readers === 'everyone' || read.manages) return true;
  return readers === 'proposers' && read.proposes;
}

/** True if there is any config now whose decisions are hidden from the user. */
export function hidesSomeDecision(authority: Authority, user: User): boolean {
  return authority.meetingConfigs.some((config) => config.hiddenDecisionText !== '' && !managesConfig(config, user)
    && config.meetings.some((meeting) => meeting.state === DECISIONS_IN_PROGRESS));
}

/** True while the decision is being written and the config keeps it from people who are not its managers. */
export function hidesDecision(read: ReadItem): boolean {
  if (read.manages || read.meeting?.state !== DECISIONS_IN_PROGRESS) return false;
  return (read.config?.hiddenDecisionText ?? '') !== '';
}

/** The decision, or the text that stands for it while it is hidden. */
export function decisionOf(read: ReadItem): string {
  return hidesDecision(read) ? read.config?.hiddenDecisionText ?? '' : read.item.decision;
}

/** In the order in which they came; confidential ones only for the proposers and the managers. The reference server
 * shows them to whoever sees the item; here each annex asks (contracts/ws4pm.md §3.6). */
export function annexesOf(read: ReadItem): readonly Annex[] {
  return read.item.annexes.filter((annex) => !annex.confidential || mayRead(read, 'proposers'));
}

/** Id and title of the category; those of the proposing organisation when the item has none (contracts/ws4pm.md §2.3). */
export function categoryOf(read: ReadItem): { readonly id: string; readonly title: string } {
  const { item, config, organisation } = read;
  if (item.category !== null) {
    const category = config?.categories.find((one) => one.id === item.category);
    return { id: item.category, title: category?.title ?? item.category };
  }
  return { id: organisation?.id ?? item.proposingOrganisation, title: organisation?.title ?? item.proposingOrganisation };
}

/** Title of the workflow state; its id if the workflow no longer has it. */
export function stateTitle(read: ReadItem): string {
  const state = read.config?.workflow.states.find((one) => one.id === read.item.reviewState);
  return state?.title ?? read.item.reviewState;
}

/** Full name of who created the item; the id if that user is gone. */
export function creatorName(read: ReadItem): string {
  return read.authority.users.get(read.item.creator)?.fullname ?? read.item.creator;
}
