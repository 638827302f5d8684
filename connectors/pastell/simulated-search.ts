import { hasPassed, stateOf, type SimulatedDocument } from './simulated-document.js';
import { rowOf, type DocumentRow } from './simulated-detail.js';
import { listOf, textOf, type PhpParameters } from './simulated-php.js';
import { comparableTime, frenchTime, localTime } from './simulated-time.js';
import { titleOf, typeNamed, type PastellWorld } from './simulated-world.js';

const PAGE = 100;

/** The list of documents that a query asks for (contracts/pastell.md §4.1): a page of it, without a total. Texts are searched as parts of
 * the value; instants compare to the second, and strictly. */
export function searchDocuments(query: PhpParameters, world: PastellWorld): readonly DocumentRow[] {
  const found = [...world.ledger.documents.values()].filter((document) => isWanted(document, query, world));
  const sorted = found.toSorted((one, other) => sortKey(one, query, world).localeCompare(sortKey(other, query, world)));
  if (textOf(query['sens_tri']).toUpperCase() !== 'ASC') sorted.reverse();
  const offset = Number(textOf(query['offset']) || 0);
  const page = sorted.slice(offset, offset + Number(textOf(query['limit']) || PAGE)).map((document) => rowOf(document, world));
  return query['date_in_fr'] === undefined ? page : page.map((row) => ({ ...row, last_action_date: frenchTime(row.last_action_date) }));
}

function isWanted(document: SimulatedDocument, query: PhpParameters, world: PastellWorld): boolean {
  const asked = (name: string) => textOf(query[name]);
  const type = typeNamed(document.type, world);
  return (asked('type') === '' || asked('type') === document.type)
    && contains(titleOf(document, type), asked('search'))
    && isInState(document, query, world)
    && (asked('type') === '' || type.fields.filter(({ index }) => index === true).every(({ name }) => contains(document.values[name] ?? '', asked(name))));
}

function isInState(document: SimulatedDocument, query: PhpParameters, { release }: PastellWorld): boolean {
  const asked = (name: string) => textOf(query[name]);
  const { action, at } = stateOf(document);
  const states = listOf(query['lastetat']).flatMap((text) => text.split(',')).filter((state) => state !== '');
  if (states.length > 0 && !states.includes(action)) return false;
  if (!isBetween(localTime(at), asked('last_state_begin'), asked('last_state_end'))) return false;
  const transit = asked('etatTransit');
  if (transit !== '' && !document.states.some((state) => state.action === transit && isBetween(localTime(state.at), asked('state_begin'), asked('state_end')))) return false;
  const never = asked('notEtatTransit');
  return never === '' || !release.excludesByPassedState || !hasPassed(document, never);
}

/** Without the bounds themselves. */
function isBetween(time: string, begin: string, end: string): boolean {
  return (begin === '' || time > comparableTime(begin)) && (end === '' || time < comparableTime(end));
}

function contains(value: string, part: string): boolean {
  return value.toLowerCase().includes(part.toLowerCase());
}

function sortKey(document: SimulatedDocument, query: PhpParameters, world: PastellWorld): string {
  const by = textOf(query['tri']) || 'date_dernier_etat';
  if (by === 'date_dernier_etat') return localTime(stateOf(document).at);
  return by === 'titre' ? titleOf(document, typeNamed(document.type, world)) : document.values[by] ?? '';
}

/** `GET /document/count`. */
export function countDocuments(query: PhpParameters, { ledger }: PastellWorld): object {
  const type = textOf(query['type']);
  const counts: Record<string, Record<string, number>> = {};
  for (const document of ledger.documents.values()) {
    if (type !== '' && type !== document.type) continue;
    const states = counts[document.type] ??= {};
    const { action } = stateOf(document);
    states[action] = (states[action] ?? 0) + 1;
  }
  return counts;
}
