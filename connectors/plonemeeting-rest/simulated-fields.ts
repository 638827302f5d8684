import { ITEM_FIELDS, type ItemFieldKind } from '../../src/domain/item-fields.js';
import { RICH_FIELDS, type DeskItem, type DeskValue, type RichField } from '../../src/council-desk/desk-item.js';
import { configOf, mayRead } from '../../src/council-desk/town-rights.js';
import { naive } from './simulated-elements.js';
import type { Look } from './simulated-platform.js';

const RICH: readonly string[] = RICH_FIELDS;
const OWN: readonly string[] = [...RICH, 'title', 'category', 'proposingGroup', 'preferredMeeting', 'externalIdentifier', 'toDiscuss', 'associatedGroups', 'groupsInCharge', 'optionalAdvisers', 'creators'];

/** All fields of the item. */
export function fieldNames(item: DeskItem): readonly string[] {
  return [...new Set([...OWN, ...ITEM_FIELDS.keys(), ...Object.keys(item.extra)])];
}

/** Fields that may be given at creation. */
export function isField(name: string): boolean {
  return OWN.includes(name) || ITEM_FIELDS.has(name);
}

/** A field as the full serializer tells it (contracts/plonemeeting-rest.md §4.3); undefined for one that is not there, or that the user may not
 * read. `isNamed`: it was asked for by name, and tells more for it. */
export function fieldValue(item: DeskItem, name: string, isNamed: boolean, look: Look): unknown {
  const { desk, user } = look;
  if (!mayRead(desk.town(), item, name, user)) return undefined;
  const known = SPECIAL[name];
  if (known !== undefined) return known(item, look, isNamed);
  const kind = RICH.includes(name) ? 'rich' : ITEM_FIELDS.get(name)?.kind;
  const value = RICH.includes(name) ? item[name as RichField] : item.extra[name];
  return kind === undefined ? value : ofKind(kind, value);
}

/** A field of the schema that has no value is there all the same. */
function ofKind(kind: ItemFieldKind, value: DeskValue | undefined): unknown {
  if (kind === 'rich') return richText(typeof value === 'string' ? value : '');
  if (kind === 'list') return (Array.isArray(value) ? value as readonly string[] : []).map((token) => ({ token, title: token }));
  return value ?? { boolean: false, integer: 0, text: '' }[kind];
}

const SPECIAL: Readonly<Partial<Record<string, (item: DeskItem, look: Look, isNamed: boolean) => unknown>>> = {
  title: ({ title }) => title,
  review_state: (item, { desk }, isNamed) => (isNamed ? { token: item.state, title: stateTitle(item, desk) } : item.state),
  creators: ({ creator }, { desk }, isNamed) => [isNamed ? { token: creator, title: desk.user(creator)?.fullname ?? creator } : creator],
  category: ({ category, configId }, { desk }) => (category === null ? null : { token: category, title: desk.config(configId)?.categories.find(({ id }) => id === category)?.title ?? category }),
  proposingGroup: ({ proposingGroup }, { desk }) => choiceOf(proposingGroup, desk),
  preferredMeeting: ({ preferredMeeting }, { desk }) => preferred(preferredMeeting, desk),
  externalIdentifier: ({ externalIdentifier }) => externalIdentifier,
  toDiscuss: ({ toDiscuss }) => toDiscuss,
  associatedGroups: ({ associatedGroups }, { desk }) => associatedGroups.map((uid) => choiceOf(uid, desk)),
  groupsInCharge: ({ groupsInCharge }, { desk }) => groupsInCharge.map((uid) => choiceOf(uid, desk)),
  optionalAdvisers: ({ optionalAdvisers }, { desk }) => optionalAdvisers.map((token) => choiceOf(token, desk)),
  itemNumber: (item, { desk }) => numberInMeeting(item, desk),
  formatted_itemNumber: (item, { desk }) => String(numberInMeeting(item, desk) / HUNDRED),
};

/** Numbers of items leave room for what is put between. */
const HUNDRED = 100;

type Desk = Look['desk'];

function stateTitle(item: DeskItem, desk: Desk): string {
  return configOf(desk.town(), item)?.workflow.states.find(({ id }) => id === item.state)?.title ?? item.state;
}

function choiceOf(token: string, desk: Desk): object {
  const uid = token.split('__', 1)[0];
  return { token, title: desk.town().organisations.find((organisation) => organisation.uid === uid)?.title ?? token };
}

function preferred(uid: string | null, desk: Desk): object {
  const meeting = uid === null ? undefined : desk.meeting(uid);
  return meeting === undefined ? { token: uid ?? 'whatever', title: 'Aucune' } : { token: meeting.uid, title: naive(meeting.date, desk.town().ws4pm.timeZone) };
}

function richText(data: string): object {
  return { 'content-type': 'text/html', data };
}

function numberInMeeting(item: DeskItem, desk: Desk): number {
  return item.meeting === null ? 0 : (desk.items().filter(({ meeting }) => meeting === item.meeting).findIndex(({ uid }) => uid === item.uid) + 1) * HUNDRED;
}
