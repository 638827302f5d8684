import type { ExtraValue } from '../../src/domain/item.js';
import type { AttendeeElement, ItemElement } from './elements.js';

/** Who sits for an item, in the layout that the SOAP services give it (contracts/ws4pm.md §3.7): names and values joined by `|`, of a free text or
 * else of persons. `fields`: those of the item, flattened. Null: the item is in no meeting, or the reader may not see it. */
export function itemAssembly(element: ItemElement, fields: Readonly<Record<string, ExtraValue>>): string | null {
  const { extra_include_meeting: meeting, extra_include_attendees } = element;
  const text = element.formatted_itemAssembly ?? '';
  const persons = extra_include_attendees ?? [];
  if (meeting?.UID === undefined && text === '' && persons.length === 0) return null;
  const told = (field: string, ofMeeting = ''): string => paragraph(filled(fields[field]) ?? ofMeeting);
  const pairs = text === ''
    ? ['Attendees', titles(persons, 'present'), 'Absents', titles(persons, 'absent'), 'Excused', titles(persons, 'excused')]
    : [
        'itemAssembly', paragraph(text), 'itemAssemblyExcused', told('itemAssemblyExcused', meeting?.assembly_excused),
        'itemAssemblyAbsents', told('itemAssemblyAbsents', meeting?.assembly_absents),
      ];
  return [...pairs, 'itemAssemblyGuests', told('itemAssemblyGuests', meeting?.assembly_guests)].join('|');
}

function filled(value: ExtraValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** One a line, in the order in which they sit. */
function titles(persons: readonly AttendeeElement[], type: string): string {
  return persons.filter(({ attendee_type: token }) => token === type).map(({ title }) => title).join('\n');
}

function paragraph(html: string): string {
  return html === '' || html.startsWith('<p') ? html : `<p>${html}</p>`;
}
