import type { MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import { textOf, type SoapElement } from '../signature-desk/soap-element.js';
import type { CouncilDesk } from './council-desk.js';
import { faults } from './soap-refusal.js';
import { isManager } from './town-rights.js';

/** Whether the user may act for others and ask about them: a Manager, or a manager of any config (contracts/ws4pm.md §3.1). */
function isAdvanced(desk: CouncilDesk, user: User): boolean {
  return isManager(user) || desk.town().meetingConfigs.some(({ managers }) => managers.includes(user.id));
}

/** Throws a fault unless the caller may use `what`. */
export function requireAdvanced(desk: CouncilDesk, caller: User, what: string): void {
  if (!isAdvanced(desk, caller)) throw faults.role(what);
}

/** Who the request acts as. Throws a fault for a caller who may not, and for nobody. */
export function actingFor(request: SoapElement, caller: User, desk: CouncilDesk): User {
  const id = textOf(request, 'inTheNameOf');
  if (id === '') return caller;
  requireAdvanced(desk, caller, '"inTheNameOf"');
  return requireUser(id, desk);
}

/** Throws a fault where nobody has that id. */
export function requireUser(id: string, desk: CouncilDesk): User {
  const user = desk.user(id);
  if (user === undefined) throw faults.user(id);
  return user;
}

/** The meeting config that the request names. Throws a fault where there is none. */
export function requireConfig(request: SoapElement, desk: CouncilDesk): MeetingConfig {
  const id = textOf(request, 'meetingConfigId');
  const config = desk.config(id);
  if (config === undefined) throw faults.config(id);
  return config;
}

/** A boolean of a request: any integer but 0 is true (contracts/ws4pm.md §1.4 A8). */
export function flagOf(request: SoapElement, name: string, otherwise: boolean): boolean {
  const text = textOf(request, name).toLowerCase();
  return text === '' ? otherwise : text === 'true' || (/^\d+$/.test(text) && Number(text) !== 0);
}

/** Texts of a repeated child. */
export function listOf(request: SoapElement | undefined, name: string): readonly string[] {
  return (request?.children ?? []).filter((child) => child.name === name && child.text !== '').map(({ text }) => text);
}
