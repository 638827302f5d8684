import { isManager } from './acting-user.js';
import { annexTypeAddress } from './annex-type-address.js';
import { findConfig, managesConfig } from './find-config.js';
import type { OfferedTemplate } from './item-templates.js';
import { findMeeting, seesMeetings } from './meetings.js';
import type { Authority } from '../domain/authority.js';
import type { ItemFieldReaders } from '../domain/item-fields.js';
import type { Annex, ExtraValue, Item } from '../domain/item.js';
import type { Meeting, MeetingConfig } from '../domain/meeting-config.js';
import type { Organisation } from '../domain/organisation.js';
import { hasUid, isMember } from '../domain/organisation.js';
import type { User } from '../domain/user.js';

/** Meetings in this state have decisions that are still being written (contracts/ws4pm.md §2.3). */
const DECISIONS_IN_PROGRESS = 'decided';

/** A file of an item, as its reader sees it. */
export interface ShownAnnex extends Pick<Annex, 'id' | 'title' | 'filename' | 'typeId'> {
  /** Long id of its type: callers get it, and may ask for it. */
  readonly typeAddress: string;
  /** Bytes; null: nobody says. */
  readonly size: number | null;
  /** Where they are: a blob of the authority, or what the system behind calls the place; `kept`: a blob that holds the same file. */
  readonly bytes: { readonly sha256: string } | { readonly place: unknown; readonly kept: string | null };
}

/** What the system behind a meeting config shows of an item. It decided what that reader may see, so no rule of ours hides any of it. */
export interface UpstreamView {
  /** Connector by which it was asked, and its own uid of the item. */
  readonly connector: string;
  readonly uid: string;
  /** Address of its page of the item. */
  readonly address: string;
  readonly stateTitle: string;
  readonly creatorName: string;
  readonly categoryTitle: string | null;
  /** `item_assembly`; null: nobody says. */
  readonly assembly: string | null;
  /** Fields for `extraInfos`, by the names of contracts/ws4pm.md §5.2. */
  readonly fields: Readonly<Record<string, ExtraValue>>;
  readonly annexes: readonly ShownAnnex[];
  readonly templates: readonly OfferedTemplate[];
}

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
  /** What the system behind its config shows of it; absent where there is none, and where it could not be asked. */
  readonly upstream?: UpstreamView;
  /** How it stands with that system, told among the `extraInfos`; absent where there is none. */
  readonly standing?: Readonly<Record<string, string>>;
}

/** Looks up what an item refers to. That the reader may see the item was decided before. */
export function readItem(authority: Authority, reader: User, item: Item): ReadItem {
  const config = findConfig(authority, item.configId);
  const organisation = authority.organisations.find((one) => hasUid(one, item.proposingOrganisation));
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
  if (read.upstream !== undefined || read.manages || read.meeting?.state !== DECISIONS_IN_PROGRESS) return false;
  return (read.config?.hiddenDecisionText ?? '') !== '';
}

/** The decision, or the text that stands for it while it is hidden. */
export function decisionOf(read: ReadItem): string {
  return hidesDecision(read) ? read.config?.hiddenDecisionText ?? '' : read.item.decision;
}

/** In the order in which they came, those of the system behind first; confidential ones of ours only for the proposers and the managers.
 * The reference server shows them to whoever sees the item; here each annex asks (contracts/ws4pm.md §3.6). */
export function annexesOf(read: ReadItem): readonly ShownAnnex[] {
  const ours = read.item.annexes.filter((annex) => !annex.confidential || mayRead(read, 'proposers')).map((annex) => shownAnnex(read.item.configId, annex));
  return read.upstream === undefined ? ours : [...read.upstream.annexes, ...ours];
}

function shownAnnex(configId: string, annex: Annex): ShownAnnex {
  const { id, title, filename, typeId, size, sha256 } = annex;
  return { id, title, filename, typeId, typeAddress: annexTypeAddress(configId, annex), size, bytes: { sha256 } };
}

/** Id and title of the category; those of the proposing organisation when the item has none (contracts/ws4pm.md §2.3). */
export function categoryOf(read: ReadItem): { readonly id: string; readonly title: string } {
  const { item, config, organisation } = read;
  if (item.category !== null) {
    const category = config?.categories.find((one) => one.id === item.category);
    return { id: item.category, title: read.upstream?.categoryTitle ?? category?.title ?? item.category };
  }
  return { id: organisation?.id ?? item.proposingOrganisation, title: organisation?.title ?? item.proposingOrganisation };
}

/** Title of the workflow state; its id if the workflow no longer has it. */
export function stateTitle(read: ReadItem): string {
  if (read.upstream !== undefined) return read.upstream.stateTitle;
  const state = read.config?.workflow.states.find((one) => one.id === read.item.reviewState);
  return state?.title ?? read.item.reviewState;
}

/** Full name of who created the item; the id if that user is gone. */
export function creatorName(read: ReadItem): string {
  return read.upstream?.creatorName ?? read.authority.users.get(read.item.creator)?.fullname ?? read.item.creator;
}
