import { resolveActingUser, type ActingUser } from '../acting-user.js';
import { checkLists, extraFields } from './check-values.js';
import type { CreateItemRequest, CreationData } from './create-item-request.js';
import { activeOrganisations, requireConfig } from '../find-config.js';
import { meetingsAcceptingItems } from '../meetings.js';
import type { Authority } from '../../domain/authority.js';
import { OPTIONAL_ATTRIBUTES, type MeetingConfig } from '../../domain/meeting-config.js';
import { hasUid, isMember, type Organisation } from '../../domain/organisation.js';
import type { User } from '../../domain/user.js';
import { RelaisError, shown } from '../../errors.js';

/** Value of preferredMeeting that means none (contracts/ws4pm.md §4.1 check 6). */
const NO_MEETING = 'whatever';

/** A request that passed checks 1 to 11 of contracts/ws4pm.md §4.1. */
export interface CheckedRequest extends ActingUser {
  readonly config: MeetingConfig;
  readonly organisation: Organisation;
  readonly title: string;
  /** Uid of a meeting that accepts items of the caller. */
  readonly preferredMeeting: string | null;
  /** Rich-text fields of extraAttrs, as received. */
  readonly extra: ReadonlyMap<string, string>;
}

/** The first check that fails throws its RelaisError, whose message names field, found and expected. */
export function checkRequest(authority: Authority, callerId: string, request: CreateItemRequest): CheckedRequest {
  const { creationData } = request;
  const { caller, acting } = resolveActingUser(authority, callerId, request.inTheNameOf);
  const config = requireConfig(authority, request.meetingConfigId);
  const organisation = requireProposer(authority, acting, request.proposingGroupId);
  const { title } = creationData;
  if (title === undefined) throw new RelaisError('RELAIS_WS4PM_TITLE', 'title: found nothing, expected the title of the item.');
  checkOptionalAttributes(config, creationData);
  const preferredMeeting = acceptedMeeting(authority, config, { caller, acting }, creationData.preferredMeeting);
  checkLists(authority, config, creationData);
  const extra = extraFields(creationData.extraAttrs);
  if (!acting.hasMemberArea) {
    throw new RelaisError('RELAIS_WS4PM_AREA', `User ${acting.id} has no member area to keep items in; the person has to connect once first.`);
  }
  return { caller, acting, config, organisation, title, preferredMeeting, extra };
}

function requireProposer(authority: Authority, acting: User, idOrUid: string | undefined): Organisation {
  const found = activeOrganisations(authority).find((one) => hasUid(one, idOrUid) || one.id === idOrUid);
  if (found !== undefined && isMember(found, acting.id, 'creators')) return found;
  throw new RelaisError('RELAIS_WS4PM_GROUP',
    `proposingGroupId: found ${shown(idOrUid)}, expected the id or UID of an organisation in which user ${acting.id} is a creator.`);
}

function checkOptionalAttributes(config: MeetingConfig, data: CreationData): void {
  const unused = OPTIONAL_ATTRIBUTES.find((attribute) => hasValue(data[attribute]) && !config.usedAttributes.has(attribute));
  if (unused === undefined) return;
  throw new RelaisError('RELAIS_WS4PM_OPTIONAL_ATTRIBUTE', `"${unused}": found a value, expected none, because ${config.id} does not use this attribute.`);
}

/** `toDiscuss` false asks for nothing that would have to be enabled. */
function hasValue(value: string | boolean | readonly string[] | undefined): boolean {
  return typeof value === 'object' ? value.length > 0 : value !== undefined && value !== false;
}

function acceptedMeeting(authority: Authority, config: MeetingConfig, { caller, acting }: ActingUser, wanted: string | undefined): string | null {
  if (wanted === undefined || wanted === NO_MEETING) return null;
  const mayChoose = (user: User) => meetingsAcceptingItems(authority, config, user).some((meeting) => meeting.uid === wanted);
  if (!mayChoose(caller)) throw notAccepting(config, wanted, '');
  if (config.meetingChosenBy === 'creator' && !mayChoose(acting)) throw notAccepting(config, wanted, ` in the name of ${acting.id}`);
  return wanted;
}

function notAccepting(config: MeetingConfig, wanted: string, inWhoseName: string): RelaisError {
  return new RelaisError('RELAIS_WS4PM_MEETING', `preferredMeeting: found ${shown(wanted)}, expected the UID of a meeting that meetingsAcceptingItems lists for ${config.id}${inWhoseName}.`);
}
