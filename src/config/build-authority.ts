import type { Authority } from '../domain/authority.js';
import type { Flow } from '../domain/flow.js';
import type { DeclaredMeeting } from '../domain/meeting-config.js';
import type { Organisation } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import type { Account } from '../identity/create-authenticator.js';
import type { AuthorityEntry } from './authority-schema.js';
import { buildMeetingConfig } from './build-meeting-config.js';
import type { ConnectorFacts } from './check-authority.js';
import { declareMeeting } from './meeting-dates.js';
import { stableUid } from './stable-uid.js';

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
}

export interface AuthorityPlace {
  readonly id: string;
  /** Path prefix of its endpoints. */
  readonly path: string;
  /** Files are relative to it. */
  readonly folder: string;
  readonly connectors: ReadonlyMap<string, ConnectorFacts>;
  /** Validated settings by position in the list of connectors. */
  readonly settings: ReadonlyMap<number, unknown>;
}

/** Turns a checked entry into the authority. */
export function buildAuthority(entry: AuthorityEntry, place: AuthorityPlace): AuthorityConfiguration {
  const { id, path, folder } = place;
  const organisations = entry.organisations.map((organisation): Organisation => ({
    ...organisation, uid: organisation.uid ?? stableUid(id, 'organisation', organisation.id),
  }));
  const uids = new Map(organisations.flatMap((organisation) => [[organisation.uid, organisation.uid], [organisation.id, organisation.uid]]));
  const around = { authority: { id, ws4pm: entry.ws4pm }, folder, organisationUid: (name: string): string => uids.get(name) ?? name };
  return {
    authority: {
      id, path, title: entry.title, organisations,
      users: new Map(entry.users.map((user) => [user.id, buildUser(user)])),
      meetingConfigs: entry.meetingConfigs.map((config) => buildMeetingConfig(config, around)),
      connectors: entry.connectors.map((connector, index) => ({ ...connector, settings: place.settings.get(index) })),
      flows: entry.flows.map((flow) => buildFlow(flow, entry, place)),
      limits: entry.limits,
      ws4pm: entry.ws4pm,
    },
    accounts: entry.users.map(({ id: userId, password, certificates, demo }) => ({
      userId, passwordHash: password ?? null, certificateSubjects: certificates, demo,
    })),
    declaredMeetings: entry.meetingConfigs.flatMap((config) => config.meetings.map((meeting) =>
      declareMeeting(meeting, config.id, meeting.uid ?? stableUid(id, 'meeting', config.id, meeting.id), entry.ws4pm.timeZone))),
  };
}

function buildUser({ id, fullname, email, roles, source, memberArea }: AuthorityEntry['users'][number]): User {
  return { id, fullname: fullname ?? id, email, roles, source: source ?? id, hasMemberArea: memberArea };
}

function buildFlow(flow: AuthorityEntry['flows'][number], entry: AuthorityEntry, place: AuthorityPlace): Flow {
  const { source, kind, meetingConfig, condition } = flow.when;
  const operationsOf = (connector: string): readonly string[] =>
    place.connectors.get(entry.connectors.find((one) => one.id === connector)?.type ?? '')?.operations ?? [];
  return {
    id: flow.id,
    when: {
      ...(source === undefined ? {} : { source }),
      ...(kind === undefined ? {} : { kind }),
      ...(meetingConfig === undefined ? {} : { meetingConfig }),
      ...(condition === undefined ? {} : { condition }),
    },
    steps: flow.steps.map(({ id, connector, operation, retry }, index) => ({
      id: id ?? `${index + 1}-${connector}`,
      connector,
      operation: operation ?? operationsOf(connector)[0] ?? '',
      retry: { firstDelayMs: retry.firstDelay, factor: retry.factor, maxDelayMs: retry.maxDelay, maxAttempts: retry.maxAttempts },
    })),
  };
}
