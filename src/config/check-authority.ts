import { normaliseSubject } from '../identity/certificate-subject.js';
import { checkCondition } from '../routing/condition.js';
import { checkMeetingConfig, SUB_GROUPS } from './check-meeting-config.js';
import { refer, reportRepeated, texts, type Report } from './check-names.js';
import { closestWord, expectedOneOf } from './closest-word.js';
import { describeValue } from './explain-issue.js';
import { readMeetingDate } from './meeting-dates.js';
import { select, selectTexts, type Selected } from './select.js';

/** What the build knows of a connector, for checking what refers to it. */
export interface ConnectorFacts {
  readonly kinds: readonly string[];
  readonly operations: readonly string[];
}

/** What comes by ws4pm; connectors name the other kinds. */
const KIND = 'deliberation';

const UNIQUE = [
  'organisations.*.id', 'organisations.*.uid', 'users.*.id', 'meetingConfigs.*.id', 'meetingConfigs.*.uid', 'meetingConfigs.*.shortName',
  'meetingConfigs.*.meetings.*.uid', 'connectors.*.id', 'flows.*.id',
];

/** Checks what one entry of an authority says about another. It looks at plain data, so that it finds its mistakes
 * whatever the schema found elsewhere. */
export function checkAuthority(data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report): void {
  for (const pattern of UNIQUE) reportRepeated(selectTexts(data, pattern), report);
  reportRepeated(selectTexts(data, 'users.*.certificates.*').map(({ path, value }) => ({ path, value: normaliseSubject(value) ?? value })), report);
  const users = texts(data, 'users.*.id');
  const organisations = organisationNames(data);
  const meetingConfigs = texts(data, 'meetingConfigs.*.id');
  // Without any user the schema has said so; every name of one would only repeat it.
  if (users.length > 0) refer(data, 'organisations.*.members.*.*', 'user', users, report);
  const suffixes = new Set(checkSubGroups(data, report));
  for (const config of select(data, 'meetingConfigs.*')) checkMeetingConfig(config, { users, organisations, suffixes }, report);
  checkMeetingDates(data, report);
  checkFlows(data, meetingConfigs, connectors, report);
}

/** A town may have sub-groups of its own, which its workflows then speak of. One that none speaks of and that looks like
 * a usual one is misspelt: its members would have no rights, and nobody would know why. Returns those that count. */
function checkSubGroups(data: unknown, report: Report): string[] {
  const spoken = new Set(['states.*.visibleTo.*', 'transitions.*.allowedTo.*'].flatMap((pattern) => texts(data, `meetingConfigs.*.workflow.${pattern}`)));
  const declared = select(data, 'organisations.*.members').flatMap(({ path, value }) =>
    (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : []).map((suffix) => ({ path: [...path, suffix], suffix })));
  return declared.filter(({ path, suffix }) => {
    const meant = SUB_GROUPS.includes(suffix) || spoken.has(suffix) || suffix.toLowerCase() !== suffix ? undefined : closestWord(suffix, SUB_GROUPS);
    if (meant !== undefined) report(path, `found the sub-group ${suffix}, which no workflow speaks of, ${expectedOneOf(suffix, SUB_GROUPS)}`, 'key');
    return meant === undefined;
  }).map(({ suffix }) => suffix);
}

function checkMeetingDates(data: unknown, report: Report): void {
  const [zone] = texts(data, 'ws4pm.timeZone');
  for (const { path, value } of selectTexts(data, 'meetingConfigs.*.meetings.*.date')) {
    const moment = readMeetingDate(value, zone);
    if (typeof moment !== 'number') report(path, `found ${describeValue(value)}, ${moment.problem}`);
  }
}

function organisationNames(data: unknown): string[] {
  return [...texts(data, 'organisations.*.id'), ...texts(data, 'organisations.*.uid')];
}

function checkFlows(data: unknown, meetingConfigs: readonly string[], connectors: ReadonlyMap<string, ConnectorFacts>, report: Report): void {
  const sources = select(data, 'users.*').map(({ value }) => texts(value, 'source')[0] ?? texts(value, 'id')[0] ?? '');
  const kinds = new Set([KIND, ...[...connectors.values()].flatMap((facts) => facts.kinds).filter((kind) => kind !== '*')]);
  refer(data, 'connectors.*.type', 'connector type', [...connectors.keys()], report);
  refer(data, 'flows.*.when.source.*', 'source', [...new Set(sources)], report);
  refer(data, 'flows.*.when.kind.*', 'kind', [...kinds], report);
  refer(data, 'flows.*.when.meetingConfig.*', 'meeting config', meetingConfigs, report);
  refer(data, 'flows.*.steps.*.connector', 'connector', texts(data, 'connectors.*.id'), report);
  for (const flow of select(data, 'flows.*')) reportRepeated(selectTexts(flow.value, 'steps.*.id', flow.path), report);
  for (const step of select(data, 'flows.*.steps.*')) checkOperation(step, data, connectors, report);
  for (const { path, value } of selectTexts(data, 'flows.*.when.condition')) {
    const mistake = checkCondition(value);
    if (mistake !== null) report(path, `found a condition that cannot be read (${mistake.message}), expected a JSONata expression`, { offset: mistake.offset });
  }
}

function checkOperation(step: Selected, data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report): void {
  const [connector] = texts(step.value, 'connector');
  const declared = select(data, 'connectors.*').find(({ value }) => texts(value, 'id')[0] === connector);
  const facts = connectors.get(texts(declared?.value, 'type')[0] ?? '');
  if (facts === undefined) return;
  if (texts(step.value, 'operation').length > 0) refer(step.value, 'operation', 'operation', facts.operations, report, step.path);
  else if (facts.operations.length > 1) report([...step.path, 'operation'], `found nothing, ${expectedOneOf(undefined, facts.operations)}`);
}
