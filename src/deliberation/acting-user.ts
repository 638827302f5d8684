import type { Authority } from '../domain/authority.js';
import type { User } from '../domain/user.js';
import { RelaisError, shown } from '../errors.js';

export interface ActingUser {
  /** Who authenticated. */
  readonly caller: User;
  /** Whose rights the call runs with. */
  readonly acting: User;
}

/** True for the global role Manager: it may do and see everything in the authority. */
export function isManager(user: User): boolean {
  return user.roles.includes('Manager');
}

/** True for a global Manager and for a manager of at least one meeting config, whichever config the call is about
 * (contracts/ws4pm.md §3.1). */
function hasAdvancedRight(authority: Authority, user: User): boolean {
  return isManager(user) || authority.meetingConfigs.some((config) => config.managers.includes(user.id));
}

/** Throws RELAIS_WS4PM_ROLE unless the user has the advanced right; `feature` says what needs it. */
export function requireAdvancedRight(authority: Authority, user: User, feature: string): void {
  if (hasAdvancedRight(authority, user)) return;
  throw new RelaisError('RELAIS_WS4PM_ROLE', `${feature} needs the role Manager or MeetingManager, and user ${user.id} has neither.`);
}

/** Throws RELAIS_WS4PM_USER if no user has that id; `field` is the element that holds it. */
export function requireUser(authority: Authority, userId: string, field: string): User {
  const user = authority.users.get(userId);
  if (user !== undefined) return user;
  throw new RelaisError('RELAIS_WS4PM_USER', `${field}: found ${shown(userId)}, expected the id of an existing user.`);
}

/** The user of the account that authenticated. Throws RELAIS_WS4PM_ROLE if it has neither role that opens the service
 * (contracts/ws4pm.md §1.3). */
export function requireCaller(authority: Authority, callerId: string): User {
  const caller = requireUser(authority, callerId, 'account');
  if (caller.roles.length > 0) return caller;
  throw new RelaisError('RELAIS_WS4PM_ROLE', `The SOAP service needs the role Member or Manager, and user ${caller.id} has neither.`);
}

/** Decides whose rights a call runs with (contracts/ws4pm.md §3.1). Acting for someone, even for oneself, needs the
 * advanced right (RELAIS_WS4PM_ROLE) and an existing user (RELAIS_WS4PM_USER), and never raises a caller to global
 * Manager (RELAIS_WS4PM_ROLE). */
export function resolveActingUser(authority: Authority, callerId: string, inTheNameOf: string | undefined): ActingUser {
  const caller = requireCaller(authority, callerId);
  if (inTheNameOf === undefined || inTheNameOf === '') return { caller, acting: caller };
  requireAdvancedRight(authority, caller, 'inTheNameOf');
  const acting = requireUser(authority, inTheNameOf, 'inTheNameOf');
  if (isManager(acting) && !isManager(caller)) {
    throw new RelaisError('RELAIS_WS4PM_ROLE',
      `inTheNameOf: found ${acting.id}, who has the role Manager; only another Manager may act for that person, and user ${caller.id} is a MeetingManager.`);
  }
  return { caller, acting };
}
