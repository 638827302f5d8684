import { normaliseSubject } from '../identity/certificate-subject.js';
import { checkBackends } from './check-backends.js';
import { checkCollecting } from './check-collecting.js';
import { checkFlows } from './check-flows.js';
import { checkMapping } from './check-mapping.js';
import { checkMeetingConfig, SUB_GROUPS } from './check-meeting-config.js';
import { refer, reportRepeated, texts, type Report } from './check-names.js';
import { checkSources } from './check-sources.js';
import { checkTables } from './check-tables.js';
import { closestWord, expectedOneOf } from './closest-word.js';
import type { ConnectorFacts } from './connector-facts.js';
import { describeValue } from './explain-issue.js';
import { readMeetingDate } from './meeting-dates.js';
import { select, selectTexts } from './select.js';

const UNIQUE = [
  'organisations.*.id', 'organisations.*.uid', 'users.*.id', 'sources.*.id', 'meetingConfigs.*.id', 'meetingConfigs.*.uid', 'meetingConfigs.*.shortName',
  'meetingConfigs.*.meetings.*.uid', 'connectors.*.id', 'flows.*.id', 'deposits.*.id',
];

/** Checks what one entry of an authority says about another. It looks at plain data, so that it finds its mistakes
 * whatever the schema found elsewhere. `warn` is told of what is allowed and yet looks wrong. */
export function checkAuthority(data: unknown, connectors: ReadonlyMap<string, ConnectorFacts>, report: Report, warn: Report): void {
  for (const pattern of UNIQUE) reportRepeated(selectTexts(data, pattern), report);
  reportRepeated(selectTexts(data, 'users.*.certificates.*').map(({ path, value }) => ({ path, value: normaliseSubject(value) ?? value })), report);
  const users = texts(data, 'users.*.id');
  const organisations = organisationNames(data);
  // Without any user the schema has said so; every name of one would only repeat it.
  if (users.length > 0) refer(data, 'organisations.*.members.*.*', 'user', users, report);
  const suffixes = new Set(checkSubGroups(data, report));
  for (const config of select(data, 'meetingConfigs.*')) checkMeetingConfig(config, { users, organisations, suffixes }, report);
  checkMeetingDates(data, report);
  checkFlows(data, connectors, report);
  checkCollecting(data, connectors, report);
  checkTables(data, report);
  checkMapping(data, connectors, report, warn);
  checkBackends(data, connectors, report, warn);
  checkSources(data, report);
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
