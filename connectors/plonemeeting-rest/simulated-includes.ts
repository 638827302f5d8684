import type { DeskItem, DeskValue } from '../../src/council-desk/desk-item.js';
import type { AssemblyPerson } from '../../src/domain/meeting-config.js';
import { configOf, reachesConfig, templateFilename, templatesFor } from '../../src/council-desk/town-rights.js';
import { annexElements } from './simulated-annexes.js';
import type { Demand } from './simulated-demand.js';
import { categoryElement, configElement, elementUid, meetingElement, organisationElement, utc } from './simulated-elements.js';
import type { Look } from './simulated-platform.js';

const DELIBERATIONS: readonly string[] = ['deliberation', 'public_deliberation', 'public_deliberation_decided', 'deliberation_motivation', 'deliberation_decision'];

export const ITEM_INCLUDES: readonly string[] = [
  'annexes', 'associated_groups', 'attendees', 'category', 'classifier', 'config', ...DELIBERATIONS, 'groups_in_charge', 'linked_items', 'meeting', 'pod_templates', 'proposing_group',
];

/** What `extra_include` adds to an item; unknown names add nothing (contracts/plonemeeting-rest.md §4.2). */
export function includesOf(item: DeskItem, demand: Demand, look: Look): object {
  const texts = demand.includes.filter((include) => DELIBERATIONS.includes(include));
  return {
    ...Object.assign({}, ...demand.includes.map((include) => includedOf(item, include, demand.of(include), look))) as object,
    ...texts.length > 0 && { extra_include_deliberation: Object.assign({}, ...texts.map((name) => deliberationOf(item, name))) as object },
  };
}

function includedOf(item: DeskItem, include: string, demand: Demand, look: Look): object {
  const found = INCLUDED[include]?.(item, demand, look);
  if (found === undefined) return {};
  const isCounted = Array.isArray(found) && !['annexes', 'attendees', 'pod_templates'].includes(include);
  return { [`extra_include_${include}`]: found, ...isCounted && { [`extra_include_${include}_items_total`]: found.length } };
}

const INCLUDED: Readonly<Partial<Record<string, (item: DeskItem, demand: Demand, look: Look) => object>>> = {
  annexes: annexElements,
  attendees: (item, _demand, look) => attendeesOf(item.meeting, look, item.extra['itemAbsents']),
  proposing_group: ({ proposingGroup }, _demand, look) => organisationAt(proposingGroup, look)[0] ?? {},
  associated_groups: ({ associatedGroups }, _demand, look) => associatedGroups.flatMap((uid) => organisationAt(uid, look)),
  groups_in_charge: ({ groupsInCharge }, _demand, look) => groupsInCharge.flatMap((uid) => organisationAt(uid, look)),
  category: categoryOf,
  classifier: () => ({}),
  linked_items: () => [],
  config: (item, _demand, look) => {
    const config = configOf(look.desk.town(), item);
    return config === undefined ? {} : configElement(config, look);
  },
  meeting: meetingOf,
  pod_templates: podTemplates,
};

/** Documents that can be made of the item. `outputs` say where (§5). */
export function podTemplates(item: DeskItem, demand: Demand, { base, desk }: Look): readonly object[] {
  const config = configOf(desk.town(), item);
  if (config === undefined) return [];
  const showsFile = demand.everything || demand.metadataFields.includes('odt_file');
  return templatesFor(config, item).map((template) => {
    const { id, title, formats } = template;
    const UID = elementUid('template', config.uid, id);
    const outputs = formats.map((format) => ({ format, url: `${base}/${item.path}/document-generation?template_uid=${UID}&output_format=${format}` }));
    return {
      '@extra_includes': [], '@id': `${base}/portal_plonemeeting/${config.id}/podtemplates/${id}`, '@type': 'ConfigurablePODTemplate', UID, id, title, description: '', review_state: null,
      'created': utc(0), 'modified': utc(0), 'enabled': true, outputs, ...showsFile && { odt_file: { 'filename': templateFilename(template), 'content-type': 'application/vnd.oasis.opendocument.text' } },
    };
  });
}

/** `absents`: ids of persons who are absent for one item alone. */
export function attendeesOf(meetingUid: string | null, { base, desk }: Pick<Look, 'base' | 'desk'>, absents: DeskValue = []): readonly object[] {
  const meeting = meetingUid === null ? undefined : desk.meeting(meetingUid);
  const typeOf = ({ id, presence }: AssemblyPerson): string => (presence !== 'attendee' ? presence : Array.isArray(absents) && absents.includes(id) ? 'absent' : 'present');
  return (meeting?.assembly.attendees ?? []).map((person) => ({ person, type: typeOf(person) })).map(({ person: { id, label }, type }) => ({
    '@id': `${base}/@attendee/${meeting?.uid ?? ''}/${elementUid('held-position', id)}`, '@type': 'held_position', UID: elementUid('held-position', id), id, title: label,
    attendee_type: { token: type, title: type }, signatory: null, signatory_position_type: null, position_type: { token: 'default', title: '' }, voter: true,
  }));
}

function categoryOf(item: DeskItem, _demand: Demand, look: Look): object {
  const config = configOf(look.desk.town(), item);
  const category = config?.categories.find(({ id }) => id === item.category);
  return config === undefined || category === undefined ? {} : categoryElement(category, config, look);
}

/** Empty too where the user may not see the meetings of that config. */
function meetingOf(item: DeskItem, demand: Demand, look: Look): object {
  const config = configOf(look.desk.town(), item);
  const meeting = config?.meetings.find(({ uid }) => uid === item.meeting);
  return config === undefined || meeting === undefined || !reachesConfig(look.desk.town(), config, look.user) ? {} : meetingElement(meeting, demand, look);
}

function organisationAt(uid: string, look: Look): readonly object[] {
  return look.desk.town().organisations.filter((organisation) => organisation.uid === uid).map((organisation) => organisationElement(organisation, look));
}

function deliberationOf({ motivation, decision }: DeskItem, name: string): object {
  const parts = { deliberation_motivation: motivation, deliberation_decision: decision };
  return { [name]: Object.hasOwn(parts, name) ? parts[name as keyof typeof parts] : `${motivation}${decision}` };
}
