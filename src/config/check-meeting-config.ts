import { refer, reportRepeated, texts, type Report } from './check-names.js';
import { defaultWorkflow } from './default-workflow.js';
import { select, selectTexts, type Selected } from './select.js';

/** Names that a meeting config may use of its authority. */
export interface AuthorityNames {
  readonly users: readonly string[];
  readonly organisations: readonly string[];
  /** Sub-groups that some organisation declares. */
  readonly suffixes: ReadonlySet<string>;
}

const UNIQUE = [
  'categories.*.id', 'categories.*.uid', 'annexTypes.*.id', 'meetings.*.id', 'templates.*.id', 'workflow.states.*.id', 'workflow.transitions.*.id',
];

const ORGANISATIONS = [
  'usingOrganisations.*', 'categories.*.usingOrganisations.*', 'orderedAssociatedOrganisations.*', 'orderedOrganisationsInCharge.*', 'selectableAdvisers.*.organisation',
];

const USERS = ['managers.*', 'powerObservers.*', 'selectableAdvisers.*.users.*'];

/** Sub-groups of the contract (contracts/ws4pm.md §3.5). */
export const SUB_GROUPS: readonly string[] = ['advisers', 'creators', 'prereviewers', 'reviewers', 'observers'];

/** They, and the audiences that are not sub-groups. */
const AUDIENCES = ['managers', 'powerObservers', 'members', ...SUB_GROUPS];

/** Checks the names that a meeting config uses, and that its workflow holds together. */
export function checkMeetingConfig({ path, value }: Selected, names: AuthorityNames, report: Report): void {
  for (const pattern of UNIQUE) reportRepeated(selectTexts(value, pattern, path), report);
  // Without any organisation or user the schema has said so; every name of one would only repeat it.
  if (names.organisations.length > 0) for (const pattern of ORGANISATIONS) refer(value, pattern, 'organisation', names.organisations, report, path);
  if (names.users.length > 0) for (const pattern of USERS) refer(value, pattern, 'user', names.users, report, path);
  const ownStates = texts(value, 'workflow.states.*.id');
  const states = ownStates.length > 0 ? ownStates : defaultWorkflow('fr').states.map((state) => state.id);
  const unknownStates: string[] = [];
  const reportState: Report = (...problem) => { unknownStates.push(problem[1]); report(...problem); };
  // those that a system behind tells are its own affair
  const told = select(value, 'backend').length > 0 ? [] : ['templates.*.states.*', 'itemPositiveDecidedStates.*'];
  for (const pattern of [...told, 'workflow.initial', 'workflow.transitions.*.from.*', 'workflow.transitions.*.to']) {
    refer(value, pattern, 'state', states, reportState, path);
  }
  const audiences = [...new Set([...AUDIENCES, ...names.suffixes])];
  for (const pattern of ['workflow.states.*.visibleTo.*', 'workflow.transitions.*.allowedTo.*']) refer(value, pattern, 'audience', audiences, report, path);
  // A misspelt state leaves others unreached: that is one mistake, told once.
  if (unknownStates.length === 0) reportUnreachable({ path, value }, report);
}

/** A state that no way leads to is a forgotten or misspelt transition. */
function reportUnreachable({ path, value }: Selected, report: Report): void {
  const [initial] = texts(value, 'workflow.initial');
  if (initial === undefined) return;
  const reached = new Set([initial]);
  // Sets show what is added while they are walked, so this ends when nothing new is reached.
  for (const state of reached) {
    for (const { value: transition } of select(value, 'workflow.transitions.*')) {
      if (texts(transition, 'from.*').includes(state)) for (const next of texts(transition, 'to')) reached.add(next);
    }
  }
  for (const { path: place, value: state } of selectTexts(value, 'workflow.states.*.id', path)) {
    if (!reached.has(state)) report(place, `found the state ${state}, which no transition reaches from ${initial}, expected one that does`);
  }
}
