import type { AssemblyPerson, Meeting } from '../domain/meeting-config.js';
import type { DeskItem } from './desk-item.js';

/** `item_assembly` (contracts/ws4pm.md §3.7): a free text, or person by person where there is none; what the item says itself comes before
 * what its meeting says. */
export function soapAssembly({ extra }: Pick<DeskItem, 'extra'>, { assembly }: Pick<Meeting, 'assembly'>): string {
  const told = (field: string, ofMeeting: string): string => {
    const own = extra[field];
    return typeof own === 'string' && own !== '' ? own : ofMeeting;
  };
  const text = told('itemAssembly', assembly.text);
  const guests = ['itemAssemblyGuests', told('itemAssemblyGuests', assembly.guests)];
  const { itemAbsents: absentees } = extra;
  const presenceOf = ({ id, presence }: AssemblyPerson): string => (presence === 'attendee' && Array.isArray(absentees) && absentees.includes(id) ? 'absent' : presence);
  const labels = (presence: AssemblyPerson['presence']): string => assembly.attendees.filter((person) => presenceOf(person) === presence).map(({ label }) => label).join('\n');
  const pairs = text === ''
    ? ['Attendees', labels('attendee'), 'Absents', labels('absent'), 'Excused', labels('excused')]
    : ['itemAssembly', text, 'itemAssemblyExcused', told('itemAssemblyExcused', assembly.excused), 'itemAssemblyAbsents', told('itemAssemblyAbsents', assembly.absents)];
  return [...pairs, ...guests].join('|');
}
