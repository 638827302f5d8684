import { loadInstallation, type LoadedInstallation } from '../compose/load-installation.js';
import type { AuthorityConfiguration } from '../config/load-configuration.js';
import { placeMeetings } from '../config/meeting-dates.js';
import type { Authority } from '../domain/authority.js';
import { RelaisError } from '../errors.js';
import { configurationFile } from '../serve.js';

/** The configuration that a command works with, whole and checked. Throws what loadInstallation throws. */
export function installation(): Promise<LoadedInstallation> {
  return loadInstallation(configurationFile(process.env), process.env);
}

/** One authority of it. Throws RELAIS_COMMAND_USAGE. */
export function configuredAuthority({ configuration: { authorities } }: LoadedInstallation, id: string): AuthorityConfiguration {
  const found = authorities.find(({ authority }) => authority.id === id);
  if (found !== undefined) return found;
  throw new RelaisError('RELAIS_COMMAND_USAGE', `--authority: found ${id}, expected one of ${authorities.map(({ authority }) => authority.id).join(', ')}`);
}

/** The authority with its meetings, those at a distance counted from `now` (epoch milliseconds) unless `dates` has them. */
export function withMeetings({ authority, declaredMeetings }: AuthorityConfiguration, now: number, dates: ReadonlyMap<string, number> = new Map()): Authority {
  const dateOf = ({ uid, date }: AuthorityConfiguration['declaredMeetings'][number]): number => dates.get(uid) ?? (typeof date === 'number' ? date : date(now));
  return placeMeetings(authority, declaredMeetings, new Map(declaredMeetings.map((meeting) => [meeting.uid, dateOf(meeting)])));
}
