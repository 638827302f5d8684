import path from 'node:path';
import { ITEM_FIELDS } from '../domain/item-fields.js';
import { adviserOrganisations } from '../domain/item.js';
import type { AnnexType, Category, DocumentTemplate, Meeting, MeetingConfig } from '../domain/meeting-config.js';
import { isMember, type Organisation } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import type { Audience, WorkflowTransition } from '../domain/workflow.js';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { DeskAnnex, DeskItem } from './desk-item.js';

/** Who may do what in the town, as PloneMeeting has it (contracts/ws4pm.md §3.1). Pure. */

export function isManager(user: User): boolean {
  return user.roles.includes('Manager');
}

/** A global Manager, or one of the config's own. */
export function managesConfig(config: MeetingConfig, user: User): boolean {
  return isManager(user) || config.managers.includes(user.id);
}

/** Organisations that are not closed. */
export function activeOrganisations(town: SimulatedTown): readonly Organisation[] {
  return town.organisations.filter(({ active }) => active);
}

/** Active organisations that use the config. */
export function organisationsOf(town: SimulatedTown, { usingOrganisations }: MeetingConfig): readonly Organisation[] {
  return activeOrganisations(town).filter(({ uid }) => usingOrganisations.length === 0 || usingOrganisations.includes(uid));
}

/** Whether the user has to do with the config: manages it, observes it, or stands in an organisation that uses it. */
export function reachesConfig(town: SimulatedTown, config: MeetingConfig, user: User): boolean {
  return managesConfig(config, user) || config.powerObservers.includes(user.id) || organisationsOf(town, config).some((organisation) => isMember(organisation, user.id));
}

/** Organisations in which the user stands, or stands in that sub-group. */
export function organisationsWith(town: SimulatedTown, user: User, suffix?: string): readonly Organisation[] {
  return activeOrganisations(town).filter((organisation) => isMember(organisation, user.id, suffix));
}

/** Enabled categories that the user may select: all for a global Manager. */
export function selectableCategories(town: SimulatedTown, config: MeetingConfig, user: User): readonly Category[] {
  if (!config.usedAttributes.has('category')) return [];
  const own = new Set(organisationsWith(town, user, 'creators').map(({ uid }) => uid));
  return config.categories.filter(({ enabled, usingOrganisations }) => enabled && (isManager(user) || usingOrganisations.length === 0 || usingOrganisations.some((uid) => own.has(uid))));
}

/** Meetings that take items from the user, earliest first: managers may also choose those that others no longer may. */
export function meetingsAccepting(config: MeetingConfig, user: User): readonly Meeting[] {
  const manages = managesConfig(config, user);
  return config.meetings.filter(({ state }) => (manages ? state !== 'closed' : config.preferredMeetingStates.includes(state))).toSorted((one, other) => one.date - other.date);
}

/** Whether the user may see the item, by the workflow of its config. */
export function maySee(town: SimulatedTown, item: DeskItem, user: User): boolean {
  const config = configOf(town, item);
  const audiences = config?.workflow.states.find(({ id }) => id === item.state)?.visibleTo ?? [];
  return isManager(user) || (config !== undefined && audiences.some((audience) => isAmong(town, config, item, audience, user)));
}

/** Transitions that the workflow offers the user now. */
export function transitionsFor(town: SimulatedTown, item: DeskItem, user: User): readonly WorkflowTransition[] {
  const config = configOf(town, item);
  if (config === undefined) return [];
  return config.workflow.transitions.filter(({ from, allowedTo }) => from.includes(item.state)
    && (managesConfig(config, user) || allowedTo.some((audience) => isAmong(town, config, item, audience, user))));
}

/** Whether the item is in the user's hands, so that texts and annexes may be changed: who can take it further can, and its
 * creators while it is where items begin. */
export function mayChange(town: SimulatedTown, item: DeskItem, user: User): boolean {
  if (isManager(user)) return true;
  const config = configOf(town, item);
  if (config === undefined || !maySee(town, item, user)) return false;
  return transitionsFor(town, item, user).length > 0 || (item.state === config.workflow.initial && isAmong(town, config, item, 'creators', user));
}

/** Whether the user may see an annex of an item that may be seen: a confidential one is for the proposers and the managers. */
export function maySeeAnnex(town: SimulatedTown, item: DeskItem, { flags }: DeskAnnex, user: User): boolean {
  const config = configOf(town, item);
  return !flags.confidential || (config !== undefined && (managesConfig(config, user) || isAmong(town, config, item, 'members', user)));
}

/** Types that annexes of an item or of its decision may have. */
export function annexTypes(config: MeetingConfig, relatedTo: AnnexType['relatedTo']): readonly AnnexType[] {
  return config.annexTypes.filter((type) => type.relatedTo === relatedTo);
}

/** Whether the user may read a field of an item that may be seen: some are for managers, some for the proposers. */
export function mayRead(town: SimulatedTown, item: DeskItem, field: string, user: User): boolean {
  const readers = ITEM_FIELDS.get(field)?.readers ?? 'everyone';
  const config = configOf(town, item);
  if (readers === 'everyone' || (config !== undefined && managesConfig(config, user))) return true;
  return readers === 'proposers' && config !== undefined && isAmong(town, config, item, 'members', user);
}

/** Name of the file that a template is made of. */
export function templateFilename({ id, sourceFile }: DocumentTemplate): string {
  return sourceFile === '' ? `${id}.odt` : path.basename(sourceFile);
}

/** Templates that are offered for the item as it stands. */
export function templatesFor(config: MeetingConfig, { state }: DeskItem): readonly DocumentTemplate[] {
  return config.templates.filter(({ enabled, appliesTo, states }) => enabled && appliesTo === 'item' && (states.length === 0 || states.includes(state)));
}

/** The meeting config of an item; undefined: it is not there any more. */
export function configOf(town: SimulatedTown, { configId }: Pick<DeskItem, 'configId'>): MeetingConfig | undefined {
  return town.meetingConfigs.find(({ id }) => id === configId);
}

function isAmong(town: SimulatedTown, config: MeetingConfig, item: DeskItem, audience: Audience, user: User): boolean {
  if (audience === 'managers') return config.managers.includes(user.id);
  if (audience === 'powerObservers') return config.powerObservers.includes(user.id);
  const wanted = audience === 'advisers' ? adviserOrganisations(item.optionalAdvisers) : [item.proposingGroup];
  return town.organisations.some((organisation) => wanted.includes(organisation.uid) && isMember(organisation, user.id, audience === 'members' ? undefined : audience));
}
