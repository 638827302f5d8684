import type { ReadItem } from './read-item.js';
import type { Item } from '../domain/item.js';
import type { AssemblyPerson, MeetingAssembly } from '../domain/meeting-config.js';

/** Extra field that lists the ids of persons who are absent for this item only. */
const ABSENT_FOR_ITEM = 'itemAbsents';

/** `item_assembly` (contracts/ws4pm.md §3.7): names and values joined by `|`; undefined outside a meeting. Free text if
 * the item or its meeting has an assembly text, else lists of persons. Texts of the item win over those of its meeting.
 * What the system behind says is told as it says it. */
export function itemAssembly(read: ReadItem): string | undefined {
  if (read.upstream !== undefined) return read.upstream.assembly ?? undefined;
  if (read.meeting === undefined) return undefined;
  const { item } = read;
  const { assembly } = read.meeting;
  const text = paragraph(own(item, 'itemAssembly') || assembly.text);
  const guests = paragraph(own(item, 'itemAssemblyGuests') || assembly.guests);
  const pairs = text === ''
    ? [...persons(item, assembly), 'itemAssemblyGuests', guests]
    : [
        'itemAssembly', text,
        'itemAssemblyExcused', paragraph(own(item, 'itemAssemblyExcused') || assembly.excused),
        'itemAssemblyAbsents', paragraph(own(item, 'itemAssemblyAbsents') || assembly.absents),
        'itemAssemblyGuests', guests,
      ];
  return pairs.join('|');
}

function persons(item: Item, { attendees }: MeetingAssembly): string[] {
  const absentees = item.extra[ABSENT_FOR_ITEM];
  const absent = (person: AssemblyPerson) => person.presence === 'absent'
    || (person.presence === 'attendee' && Array.isArray(absentees) && absentees.includes(person.id));
  const labels = (chosen: readonly AssemblyPerson[]) => chosen.map((person) => person.label).join('\n');
  return [
    'Attendees', labels(attendees.filter((person) => person.presence === 'attendee' && !absent(person))),
    'Absents', labels(attendees.filter(absent)),
    'Excused', labels(attendees.filter((person) => person.presence === 'excused')),
  ];
}

function own(item: Item, field: string): string {
  const value = item.extra[field];
  return typeof value === 'string' ? value : '';
}

/** Each text is a paragraph or empty. */
function paragraph(html: string): string {
  return html === '' || html.startsWith('<p') ? html : `<p>${html}</p>`;
}
