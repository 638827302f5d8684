import type { Submission } from '../../src/connector-api/connector.js';
import { askedTransitions, isNoText, mappedList } from '../../src/plonemeeting/asked.js';
import { createFields } from './fields.js';
import type { OwnMark } from './own-mark.js';

/** Keys of a creation that decide who acts and what is made: no field of an item may take their place. */
const RESERVED: ReadonlySet<string> = new Set([
  'config_id', 'in_name_of', 'id', 'UID', 'uid', '@type', '@id', '__children__', 'wf_transitions', 'ignore_not_used_data', 'ignore_validation_for', 'clean_html',
  'return_fullobject', 'debug', 'externalIdentifier', 'title', 'proposingGroup', 'file', 'creators', 'translation_of', 'language', 'layout', 'ordering',
]);

export interface ItemMembers {
  readonly members: Readonly<Record<string, unknown>>;
  /** What could not be sent. */
  readonly warnings: readonly string[];
}

export interface Placed {
  /** UID of the proposing group. */
  readonly group: string;
  /** What PloneMeeting calls the user; null: the account itself. */
  readonly user: string | null;
  readonly mark: OwnMark;
  /** Run by PloneMeeting itself, in one go with the creation. */
  readonly transitions: readonly string[];
}

/** The keys of a creation (contracts/plonemeeting-rest.md §6), without the annexes. What is empty is left out. */
export function itemMembers({ item, fields }: Pick<Submission, 'item' | 'fields'>, { group, user, mark, transitions }: Placed): ItemMembers {
  const advisers = mappedList({ fields }, 'optionalAdvisers') ?? item.optionalAdvisers;
  const sent = advisers.filter((token) => !isDelayAware(token));
  const { kept, passed } = withoutReserved({ ...item.extra, ...beyondDeclared(fields) });
  const told = {
    title: item.title, category: fields['category'] ?? item.category, description: textOf(item.description), detailedDescription: textOf(item.detailedDescription),
    motivation: textOf(item.motivation), decision: item.decision, preferredMeeting: fields['preferredMeeting'] ?? item.preferredMeeting,
    associatedGroups: mappedList({ fields }, 'associatedGroups') ?? item.associatedOrganisations, groupsInCharge: mappedList({ fields }, 'groupsInCharge') ?? item.organisationsInCharge,
    optionalAdvisers: [...new Set(sent)], toDiscuss: item.toDiscuss, ...kept,
  };
  const ignored = mappedList({ fields }, 'ignoreValidationFor') ?? [];
  return {
    members: {
      config_id: item.configId, ...(user !== null && { in_name_of: user }), id: mark.id, externalIdentifier: mark.externalIdentifier, proposingGroup: group, ...filled(told),
      ignore_not_used_data: fields['ignoreNotUsedData'] ?? true, ...(ignored.length > 0 && { ignore_validation_for: ignored }), ...(transitions.length > 0 && { wf_transitions: transitions }),
    },
    warnings: [
      ...advisers.filter(isDelayAware).map((token) => `The advice of «${token}» was not asked: PloneMeeting takes no adviser with a delay or a person over REST. Ask it there.`),
      ...passed.map((name) => `The field «${name}» was not sent: it decides on the creation itself.`),
    ],
  };
}

/** Transitions that are asked for: ids, which are plain ASCII over there, and in words what can be the id of none. */
export function transitionsToRun(submission: Pick<Submission, 'item' | 'fields'>): { readonly transitions: readonly string[]; readonly warnings: readonly string[] } {
  const asked = askedTransitions(submission);
  const isId = (id: string): boolean => /^[A-Za-z][\w.-]*$/.test(id);
  return {
    transitions: asked.filter(isId),
    warnings: asked.filter((id) => !isId(id)).map((id) => `The transition «${id}» was not triggered: it is not the id of a transition, such as propose.`),
  };
}

/** `<organisation>__rowid__<row>`, `…__userid__<user>`: refused by the step that turns ids into UIDs (contracts/plonemeeting-rest.md §2). */
function isDelayAware(token: string): boolean {
  return /__(?:rowid|userid)__/.test(token);
}

function beyondDeclared(fields: Submission['fields']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !Object.hasOwn(createFields, name)));
}

function withoutReserved(all: Readonly<Record<string, unknown>>): { readonly kept: Readonly<Record<string, unknown>>; readonly passed: readonly string[] } {
  const names = Object.keys(all);
  const isFree = (name: string): boolean => !RESERVED.has(name) && !name.startsWith('@');
  return { kept: Object.fromEntries(names.filter(isFree).map((name) => [name, all[name]])), passed: names.filter((name) => !isFree(name)) };
}

function textOf(html: string): string {
  return isNoText(html) ? '' : html;
}

function filled(all: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0)));
}
