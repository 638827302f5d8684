import type { Authority, ConnectorSetting } from '../domain/authority.js';
import type { DeclaredMeeting, MeetingConfig } from '../domain/meeting-config.js';
import type { Organisation } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import type { Account } from '../identity/create-authenticator.js';
import type { AuthorityEntry } from './authority-schema.js';
import { buildDeposit } from './build-deposit.js';
import { buildFlow, type FlowSurroundings } from './build-flow.js';
import { buildMeetingConfig } from './build-meeting-config.js';
import { buildPlace, type PlaceSurroundings } from './build-place.js';
import { buildSource } from './build-source.js';
import { buildTable } from './build-table.js';
import type { ConnectorFacts } from './connector-facts.js';
import { declareMeeting } from './meeting-dates.js';
import { stableUid } from './stable-uid.js';
import type { Path } from './yaml-file.js';

/** How a user proves who calls, and whether that is for demonstrations only. */
export interface ConfiguredAccount extends Account {
  readonly demo: boolean;
}

/** One authority with what the domain does not know: how its users authenticate, and meetings whose date is not settled. */
export interface AuthorityConfiguration {
  /** Its meeting configs hold no meetings yet: see placeMeetings. */
  readonly authority: Authority;
  readonly accounts: readonly ConfiguredAccount[];
  readonly declaredMeetings: readonly DeclaredMeeting[];
  readonly incidents: IncidentSettings;
}

/** Who is told of what stops, and whether at once or in one mail for a time. */
export type IncidentSettings = AuthorityEntry['incidents'];

export interface AuthorityPlace {
  readonly id: string;
  /** Path prefix of its endpoints. */
  readonly path: string;
  /** The absolute path of a file that the entry at a path names. */
  readonly fileAt: (place: Path, name: string) => string;
  readonly connectors: ReadonlyMap<string, ConnectorFacts>;
  /** Validated settings by position in the list of connectors. */
  readonly settings: ReadonlyMap<number, unknown>;
  /** `file:line` at which the rows of a table begin. */
  readonly placeOfRows: (table: string) => string;
}

/** Turns a checked entry into the authority. */
export function buildAuthority(entry: AuthorityEntry, place: AuthorityPlace): AuthorityConfiguration {
  const { id, path } = place;
  const organisations = entry.organisations.map((organisation): Organisation => ({
    ...organisation, ...(organisation.uid === undefined ? { uid: stableUid(id, 'organisation', organisation.id), uidIsMade: true } : { uid: organisation.uid }),
  }));
  const uids = new Map(organisations.flatMap((organisation) => [[organisation.uid, organisation.uid], [organisation.id, organisation.uid]]));
  const around = { authority: { id, ws4pm: entry.ws4pm }, organisationUid: (name: string): string => uids.get(name) ?? name };
  const meetingConfigs = entry.meetingConfigs.map((config, index) => buildMeetingConfig(config, {
    ...around, connectors: connectorTypesOf(entry, place), templateFile: (template, source) => place.fileAt(['meetingConfigs', index, 'templates', template, 'source'], source),
  }));
  const flowsAround = flowSurroundings(entry, place, meetingConfigs);
  const users = new Map(entry.users.map((user) => [user.id, buildUser(user)]));
  const placesAround = { users, meetingConfigs, organisationUid: around.organisationUid };
  return {
    authority: {
      id, path, title: entry.title, organisations, users, meetingConfigs,
      sources: new Map(entry.sources.map((source) => [source.id, buildSource(source)])),
      connectors: entry.connectors.map((connector, index) => buildConnector(connector, place.settings.get(index), placesAround)),
      flows: entry.flows.map((flow) => buildFlow(flow, flowsAround)),
      deposits: entry.deposits.map((deposit, index) => buildDeposit(deposit, { ...placesAround, fileAt: (name) => place.fileAt(['deposits', index, 'schema', 'file'], name) })),
      tables: new Map(Object.entries(entry.tables).map(([table, rows]) => [table, buildTable(table, rows, place.placeOfRows(table))])),
      retention: entry.retention,
      limits: entry.limits,
      ws4pm: entry.ws4pm,
    },
    accounts: entry.users.map(({ id: userId, password, certificates, demo }) => ({
      userId, passwordHash: password ?? null, certificateSubjects: certificates, demo,
    })),
    declaredMeetings: entry.meetingConfigs.flatMap((config) => config.meetings.map((meeting) =>
      declareMeeting(meeting, config.id, meeting.uid ?? stableUid(id, 'meeting', config.id, meeting.id), entry.ws4pm.timeZone))),
    incidents: entry.incidents,
  };
}

function buildConnector({ simulated, collect, ...connector }: AuthorityEntry['connectors'][number], settings: unknown, around: PlaceSurroundings): ConnectorSetting {
  return {
    ...connector, settings,
    ...(simulated !== undefined && { simulated }),
    ...(collect !== undefined && { collect: { everyMs: collect.every, place: buildPlace(collect, around) } }),
  };
}

function buildUser({ id, fullname, email, roles, source, memberArea }: AuthorityEntry['users'][number]): User {
  return { id, fullname: fullname ?? id, email, roles, source: source ?? id, hasMemberArea: memberArea };
}

/** What is known of a configured connector, by its id. */
function connectorTypesOf(entry: AuthorityEntry, place: AuthorityPlace): (connector: string) => ConnectorFacts | undefined {
  return (connector) => place.connectors.get(entry.connectors.find(({ id }) => id === connector)?.type ?? '');
}

function flowSurroundings(entry: AuthorityEntry, place: AuthorityPlace, meetingConfigs: readonly MeetingConfig[]): FlowSurroundings {
  return {
    timeZone: entry.ws4pm.timeZone,
    hours: entry.hours,
    meetingConfigs: meetingConfigs.map((config) => ({
      ...config, backed: config.backend !== undefined, states: config.workflow.states.map((state) => state.id), categories: config.categories.map((category) => category.id),
    })),
    operationsOf: (connector) => [...connectorTypesOf(entry, place)(connector)?.operations.keys() ?? []],
  };
}
