import { activeOrganisations, managesConfig, takesPart } from './find-config.js';
import type { Authority } from '../domain/authority.js';
import type { Meeting, MeetingConfig } from '../domain/meeting-config.js';
import { isMember } from '../domain/organisation.js';
import type { User } from '../domain/user.js';

/** A meeting in this state takes no item from anybody. */
const CLOSED = 'closed';

/** True if the user may see the meetings of the config, so that their dates may be told: who takes part in it, and every
 * creator, because createItem does not ask whether an organisation uses the config (contracts/ws4pm.md §4.1 check 3). */
export function seesMeetings(authority: Authority, config: MeetingConfig, user: User): boolean {
  return takesPart(authority, config, user)
    || activeOrganisations(authority).some((organisation) => isMember(organisation, user.id, 'creators'));
}

/** Meetings that take items from the user, earliest date first, past ones included (contracts/ws4pm.md §3.10). */
export function meetingsAcceptingItems(authority: Authority, config: MeetingConfig, user: User): readonly Meeting[] {
  if (!seesMeetings(authority, config, user)) return [];
  const manages = managesConfig(config, user);
  return config.meetings
    .filter((meeting) => manages ? meeting.state !== CLOSED : meeting.acceptsItems ?? config.preferredMeetingStates.includes(meeting.state))
    .toSorted((a, b) => a.date - b.date);
}

/** Undefined if the config has no meeting of that uid. */
export function findMeeting(config: MeetingConfig, uid: string | null): Meeting | undefined {
  return uid === null ? undefined : config.meetings.find((meeting) => meeting.uid === uid);
}
