import { OPTIONAL_ATTRIBUTES, type MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import { CouncilRefusal, type FieldProblem } from './council-refusal.js';
import type { CreationOrder, CreationWarning, ItemDraft } from './desk-item.js';
import { activeOrganisations, isManager, meetingsAccepting, organisationsWith, selectableCategories } from './town-rights.js';

/** A draft that may become an item. */
export interface CheckedDraft {
  readonly draft: ItemDraft;
  readonly config: MeetingConfig;
  readonly warnings: readonly CreationWarning[];
}

/** Nobody may say of these that they are not looked at (contracts/plonemeeting-rest.md §6.1). */
const ALWAYS_VALIDATED = ['title', 'proposingGroup'];

/** Looks at a draft as PloneMeeting does (contracts/plonemeeting-rest.md §6.2). Throws CouncilRefusal: all fields that do not
 * validate are told together. */
export function checkDraft(town: SimulatedTown, { draft, unusedAttributes, unvalidated = [], meetingChosenBy }: CreationOrder, user: User): CheckedDraft {
  const config = town.meetingConfigs.find(({ id }) => id === draft.configId);
  if (config === undefined) throw new CouncilRefusal('unknown-config', `Unknown "config_id" : "${draft.configId}"!`);
  requireUnvalidated(draft, unvalidated);
  const unused = OPTIONAL_ATTRIBUTES.filter((attribute) => hasValue(draft[attribute]) && !config.usedAttributes.has(attribute));
  if (unused.length > 0 && unusedAttributes === 'refused') {
    throw new CouncilRefusal('unused-attribute', `The optional field "${unused[0]}" is not activated in this configuration!`);
  }
  const kept = Object.fromEntries(Object.entries(draft).filter(([name]) => !unused.some((attribute: string) => attribute === name))) as unknown as ItemDraft;
  const problems = problemsOf(town, config, kept, { user, meetingChosenBy }).filter(({ field }) => field === null || !unvalidated.includes(field));
  if (problems.length > 0) throw new CouncilRefusal('invalid', 'The item is not valid.', problems);
  if (!user.hasMemberArea) throw new CouncilRefusal('no-member-area', `User ${user.id} has no folder to create an element in.`);
  return { draft: kept, config, warnings: [...unused.map((attribute) => ({ kind: 'unused-attribute', attribute } as const)), ...unvalidated.length === 0 ? [] : [{ kind: 'unvalidated', fields: unvalidated } as const]] };
}

function requireUnvalidated(draft: ItemDraft, unvalidated: readonly string[]): void {
  const wrong = unvalidated.find((name) => ALWAYS_VALIDATED.includes(name) || hasValue((draft as unknown as Readonly<Record<string, unknown>>)[name]));
  if (wrong !== undefined) throw new CouncilRefusal('not-understood', `"ignore_validation_for" may not contain "${wrong}": it is required, or has a value.`);
}

interface People { readonly user: User; readonly meetingChosenBy: User | undefined }

function problemsOf(town: SimulatedTown, config: MeetingConfig, draft: ItemDraft, { user, meetingChosenBy = user }: People): readonly FieldProblem[] {
  return [
    ...draft.title.trim() === '' ? [problem('title', 'Title is required, please correct.')] : [],
    ...proposerProblems(town, draft, user),
    ...categoryProblems(town, config, draft, user),
    ...draft.preferredMeeting !== undefined && !meetingsAccepting(config, meetingChosenBy).some(({ uid }) => uid === draft.preferredMeeting)
      ? [problem('preferredMeeting', `Value ${draft.preferredMeeting} is not allowed for vocabulary of element PreferredMeeting.`)] : [],
    ...listProblems(town, config, draft),
  ];
}

/** A creator of the organisation, or a global Manager. */
function proposerProblems(town: SimulatedTown, { proposingGroup }: ItemDraft, user: User): readonly FieldProblem[] {
  if (proposingGroup === '') return [problem('proposingGroup', 'Please select a proposing group.')];
  const allowed = isManager(user) ? activeOrganisations(town) : organisationsWith(town, user, 'creators');
  return allowed.some(({ uid }) => uid === proposingGroup) ? [] : [problem('proposingGroup', 'You can not create an item with this proposing group.')];
}

function categoryProblems(town: SimulatedTown, config: MeetingConfig, { category }: ItemDraft, user: User): readonly FieldProblem[] {
  if (!config.usedAttributes.has('category')) return [];
  const available = selectableCategories(town, config, user);
  if (category === undefined) return available.length === 0 ? [] : [problem('category', 'Please select a category.')];
  return available.some(({ id }) => id === category) ? [] : [problem('category', `Value ${category} is not allowed for vocabulary of element Category.`)];
}

function listProblems(town: SimulatedTown, config: MeetingConfig, draft: ItemDraft): readonly FieldProblem[] {
  const active = activeOrganisations(town).map(({ uid }) => uid);
  const associated = config.orderedAssociatedOrganisations.length > 0 ? config.orderedAssociatedOrganisations : active;
  const inCharge = config.orderedOrganisationsInCharge.length > 0 ? config.orderedOrganisationsInCharge : active;
  const advisers = config.usesAdvices ? config.selectableAdvisers.flatMap(({ token, users }) => [token, ...users.map((id) => `${token}__userid__${id}`)]) : [];
  const asked = draft.optionalAdvisers ?? [];
  return [
    ...notAmong('associatedGroups', draft.associatedGroups, associated), ...notAmong('groupsInCharge', draft.groupsInCharge, inCharge), ...notAmong('optionalAdvisers', asked, advisers),
    ...new Set(asked.map((token) => token.split('__')[0])).size < asked.length ? [problem('optionalAdvisers', 'The same adviser can not be selected twice.')] : [],
  ];
}

function notAmong(field: string, values: readonly string[] | undefined, available: readonly string[]): readonly FieldProblem[] {
  const wrong = values?.filter((value) => !available.includes(value)) ?? [];
  return wrong.length === 0 ? [] : [problem(field, `Values ${wrong.join(', ')} are not allowed for vocabulary of element ${field}.`)];
}

function problem(field: string, message: string): FieldProblem {
  return { field, message };
}

/** `toDiscuss` false asks for nothing that would have to be enabled. */
function hasValue(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== '' && value !== false;
}
