import type { Authority } from '../domain/authority.js';
import type { DeclaredMeeting, Meeting } from '../domain/meeting-config.js';
import type { MeetingConfigEntry } from './meeting-config-schema.js';
import { daysAfter, momentOf, readWallTime } from './local-time.js';

type MeetingEntry = MeetingConfigEntry['meetings'][number];

/** Reads a declared date: on the wall of the time zone, or with an offset of its own. */
export function readMeetingDate(text: string, timeZone = 'Europe/Brussels'): number | { readonly problem: string } {
  const withOffset = /^(.{16}(?::00)?)(Z|[+-]\d{2}:\d{2})$/.exec(text);
  const wall = readWallTime(withOffset?.[1] ?? text);
  if (wall === null) return { problem: 'expected a date such as 2027-03-02T18:30' };
  const moment = withOffset === null ? momentOf(wall, timeZone) : Date.parse(text);
  return moment === null || Number.isNaN(moment) ? { problem: `expected a time that exists in ${timeZone}` } : moment;
}

/** The declared meeting of an entry that passed the checks. */
export function declareMeeting(entry: MeetingEntry, configId: string, uid: string, timeZone: string): DeclaredMeeting {
  const { id, state, assembly } = entry;
  return { uid, id, configId, date: dateOf(entry, timeZone), state, assembly };
}

function dateOf(entry: MeetingEntry, timeZone: string): DeclaredMeeting['date'] {
  if (entry.date !== undefined) {
    const moment = readMeetingDate(entry.date, timeZone);
    if (typeof moment !== 'number') throw new RangeError(moment.problem);
    return moment;
  }
  const [count = 0, unit] = (entry.in ?? '').split(' ');
  const days = Number(count) * (unit?.startsWith('week') === true ? 7 : 1);
  const [hour = 0, minute = 0] = (entry.at ?? '').split(':').map(Number);
  return (firstSeen) => daysAfter(firstSeen, days, { hour, minute }, timeZone);
}

/** The authority with its meetings in their meeting configs, earliest first. `dates` are the settled ones by uid; a
 * meeting without one is left out. */
export function placeMeetings(authority: Authority, declared: readonly DeclaredMeeting[], dates: ReadonlyMap<string, number>): Authority {
  const settled = declared.flatMap((meeting): Meeting[] => {
    const date = dates.get(meeting.uid);
    return date === undefined ? [] : [{ ...meeting, date }];
  }).toSorted((one, other) => one.date - other.date);
  return {
    ...authority,
    meetingConfigs: authority.meetingConfigs.map((config) => ({ ...config, meetings: settled.filter((meeting) => meeting.configId === config.id) })),
  };
}
