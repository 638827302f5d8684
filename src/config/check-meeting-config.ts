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

/** Sub-groups of the contract (contracts/ws4pm.md §3.5), and the audiences that are not sub-groups. */
const AUDIENCES = ['managers', 'powerObservers', 'advisers', 'members', 'creators', 'prereviewers', 'reviewers', 'observers'];

/** Checks the names that a meeting config uses, and that its workflow holds together. */
export function checkMeetingConfig({ path, value }: Selected, names: AuthorityNames, report: Report): void {
  for (const pattern of UNIQUE) reportRepeated(selectTexts(value, pattern, path), report);
  for (const pattern of ORGANISATIONS) refer(value, pattern, 'organisation', names.organisations, report, path);
  for (const pattern of ['managers.*', 'powerObservers.*', 'selectableAdvisers.*.users.*']) refer(value, pattern, 'user', names.users, report, path);
  const ownStates = texts(value, 'workflow.states.*.id');
  const states = ownStates.length > 0 ? ownStates : defaultWorkflow('fr').states.map((state) => state.id);
  for (const pattern of ['templates.*.states.*', 'itemPositiveDecidedStates.*', 'workflow.initial', 'workflow.transitions.*.from.*', 'workflow.transitions.*.to']) {
    refer(value, pattern, 'state', states, report, path);
  }
  const audiences = [...new Set([...AUDIENCES, ...names.suffixes])];
  for (const pattern of ['workflow.states.*.visibleTo.*', 'workflow.transitions.*.allowedTo.*']) refer(value, pattern, 'audience', audiences, report, path);
  reportUnreachable({ path, value }, report);
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
