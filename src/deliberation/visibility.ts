import { isManager } from './acting-user.js';
import type { Authority } from '../domain/authority.js';
import type { MeetingConfig } from '../domain/meeting-config.js';
import { isMember, uidsOf } from '../domain/organisation.js';
import type { User } from '../domain/user.js';
import type { Audience } from '../domain/workflow.js';
import type { Visibility, VisibilityClause } from '../history/store.js';

/** Keyed by the authority object: a reload makes a new one, and what was worked out for the old one goes with it. */
const known = new WeakMap<Authority, Map<string, Visibility>>();

/** What the user may see, by the workflow of each meeting config (contracts/ws4pm.md §3.1). Worked out once a user. */
export function visibilityOf(authority: Authority, user: User): Visibility {
  const users = known.get(authority) ?? new Map<string, Visibility>();
  known.set(authority, users);
  const visibility = users.get(user.id) ?? workOut(authority, user);
  users.set(user.id, visibility);
  return visibility;
}

function workOut(authority: Authority, user: User): Visibility {
  if (isManager(user)) return 'everything';
  return authority.meetingConfigs.flatMap((config) => clausesOf(authority, config, user));
}

function clausesOf(authority: Authority, config: MeetingConfig, user: User): VisibilityClause[] {
  const clauses: VisibilityClause[] = [];
  for (const [audience, states] of statesByAudience(config)) {
    const reach = reachOf(authority, config, audience, user);
    if (reach !== undefined) clauses.push({ configId: config.id, states, ...reach });
  }
  return clauses;
}

function statesByAudience(config: MeetingConfig): Map<Audience, string[]> {
  const byAudience = new Map<Audience, string[]>();
  for (const state of config.workflow.states) {
    for (const audience of state.visibleTo) byAudience.set(audience, [...byAudience.get(audience) ?? [], state.id]);
  }
  return byAudience;
}

type Reach = Pick<VisibilityClause, 'organisations' | 'advisers'>;

/** Which items being in the audience opens to the user; undefined if the user is not in it. Closed organisations count:
 * what they proposed stays visible to the people who were in them. */
function reachOf(authority: Authority, config: MeetingConfig, audience: Audience, user: User): Reach | undefined {
  if (audience === 'managers') return config.managers.includes(user.id) ? { organisations: null, advisers: null } : undefined;
  if (audience === 'powerObservers') return config.powerObservers.includes(user.id) ? { organisations: null, advisers: null } : undefined;
  const suffix = audience === 'members' ? undefined : audience;
  const uids = authority.organisations.filter((organisation) => isMember(organisation, user.id, suffix)).flatMap(uidsOf);
  if (uids.length === 0) return undefined;
  return audience === 'advisers' ? { organisations: null, advisers: uids } : { organisations: uids, advisers: null };
}
