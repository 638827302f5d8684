import { isManager } from './acting-user.js';
import type { Authority } from '../domain/authority.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import type { Organisation } from '../domain/organisation.js';
import { isMember } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import { RelaisError, shown } from '../errors.js';

/** Undefined if the authority has no config of that id. */
export function findConfig(authority: Authority, configId: string): MeetingConfig | undefined {
  return authority.meetingConfigs.find((config) => config.id === configId);
}

/** Active or not. Throws RELAIS_WS4PM_CONFIG naming the id (contracts/ws4pm.md F-CFG), also when none is given. */
export function requireConfig(authority: Authority, configId: string | undefined): MeetingConfig {
  const config = configId === undefined ? undefined : findConfig(authority, configId);
  if (config !== undefined) return config;
  throw new RelaisError('RELAIS_WS4PM_CONFIG', `meetingConfigId: found ${shown(configId)}, expected the id of a meeting config that getConfigInfos lists.`);
}

/** Active organisations in configured order. */
export function activeOrganisations(authority: Authority): readonly Organisation[] {
  return authority.organisations.filter((organisation) => organisation.active);
}

/** Active organisations that use the config. */
function usingOrganisations(authority: Authority, config: MeetingConfig): readonly Organisation[] {
  const active = activeOrganisations(authority);
  if (config.usingOrganisations.length === 0) return active;
  return active.filter((organisation) => config.usingOrganisations.includes(organisation.uid));
}

/** True for a manager of the config and for a global Manager. */
export function managesConfig(config: MeetingConfig, user: User): boolean {
  return isManager(user) || config.managers.includes(user.id);
}

/** True for those who have to do with the config: its managers, its power observers, and the members of an organisation
 * that uses it (contracts/ws4pm.md §3.4). */
export function takesPart(authority: Authority, config: MeetingConfig, user: User): boolean {
  if (managesConfig(config, user) || config.powerObservers.includes(user.id)) return true;
  return usingOrganisations(authority, config).some((organisation) => isMember(organisation, user.id));
}
