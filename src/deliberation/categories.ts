import { isManager } from './acting-user.js';
import type { Authority } from '../domain/authority.js';
import type { Category, MeetingConfig } from '../domain/meeting-config.js';
import { isMember } from '../domain/organisation.js';
import type { User } from '../domain/user.js';

/** Enabled categories that the user may select: those that the system behind the config says or, where it says nothing, those without a
 * restriction list and those of an organisation where the user is a creator; none if the config does not use categories. A `caller` with
 * the role Manager gets all of them whoever `user` is (contracts/ws4pm.md §3.4). */
export function selectableCategories(authority: Authority, config: MeetingConfig, user: User, caller: User = user): readonly Category[] {
  if (!config.usedAttributes.has('category')) return [];
  const enabled = config.categories.filter((category) => category.enabled);
  if (isManager(caller)) return enabled;
  const told = user.categories?.[config.id];
  if (told !== undefined) return enabled.filter(({ id }) => told.includes(id));
  const creatorIn = new Set(authority.organisations
    .filter((organisation) => organisation.active && isMember(organisation, user.id, 'creators'))
    .map((organisation) => organisation.uid));
  return enabled.filter((category) => category.usingOrganisations.length === 0 || category.usingOrganisations.some((uid) => creatorIn.has(uid)));
}
