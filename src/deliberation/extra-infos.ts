import { categoryOf, creatorName, hidesDecision, mayRead, stateTitle, type ReadItem, type UpstreamView } from './read-item.js';
import { type COMPUTED_INFOS, DECISION_PARTS, isOwnFieldName, ITEM_FIELDS, type ItemFieldKind } from '../domain/item-fields.js';
import type { ExtraValue, Item } from '../domain/item.js';

/** Value of `preferredMeeting` in the schema of items when there is none (contracts/ws4pm.md §5.2). */
const NO_PREFERRED_MEETING = 'whatever';

/** What a field holds before anybody filled it. */
const UNFILLED: Readonly<Record<ItemFieldKind, ExtraValue>> = { rich: '', text: '', boolean: false, integer: 0, list: [] };

/** The children of `extraInfos` (contracts/ws4pm.md §5.2): the fields that the reader may read, those that only this item has
 * because steps or a connector put them there, five computed ones, and how it stands with the system behind its config.
 * `motivation` is left out while it is empty: urban prints it without testing for an empty element
 * (contracts/wsclient.md §8.2). */
export function extraInfos(read: ReadItem): Readonly<Record<string, ExtraValue>> {
  const infos = read.upstream === undefined ? readableFields(read) : toldFields(read, read.upstream);
  if (infos['motivation'] === '') delete infos['motivation'];
  for (const [name, value] of Object.entries(read.item.extra)) if (isOwnFieldName(name)) infos[name] = value;
  return { ...infos, ...computed(read), ...read.standing };
}

function readableFields(read: ReadItem): Record<string, ExtraValue> {
  const infos: Record<string, ExtraValue> = {};
  const stored = storedFields(read.item);
  const hidden = hidesDecision(read) ? DECISION_PARTS : new Set<string>();
  for (const [name, field] of ITEM_FIELDS) {
    if (mayRead(read, field.readers) && !hidden.has(name)) infos[name] = stored[name] ?? UNFILLED[field.kind];
  }
  return infos;
}

/** What the system behind told, in the order of the schema; what it kept to itself is left out. */
function toldFields({ item }: ReadItem, { fields }: UpstreamView): Record<string, ExtraValue> {
  const told: Readonly<Record<string, ExtraValue | undefined>> = {
    proposingGroup: item.proposingOrganisation, preferredMeeting: item.preferredMeeting ?? NO_PREFERRED_MEETING, ...fields, motivation: item.motivation,
  };
  const names = [...ITEM_FIELDS.keys(), ...Object.keys(fields).filter(isOwnFieldName)];
  return Object.fromEntries(names.flatMap((name) => { const value = told[name]; return value === undefined ? [] : [[name, value]]; }));
}

function computed(read: ReadItem): Readonly<Record<(typeof COMPUTED_INFOS)[number], string>> {
  return {
    meeting_config_id: read.item.configId,
    meeting_config_title: read.config?.title ?? read.item.configId,
    review_state_translated: stateTitle(read),
    category_title: categoryOf(read).title,
    creator_fullname: creatorName(read),
  };
}

/** Fields of the schema that an item keeps in members of their own. */
function storedFields(item: Item): Readonly<Record<string, ExtraValue | undefined>> {
  return {
    ...item.extra,
    proposingGroup: item.proposingOrganisation,
    groupsInCharge: item.organisationsInCharge,
    associatedGroups: item.associatedOrganisations,
    optionalAdvisers: item.optionalAdvisers,
    preferredMeeting: item.preferredMeeting ?? NO_PREFERRED_MEETING,
    motivation: item.motivation,
    toDiscuss: item.toDiscuss,
  };
}
