import type { AuthorityConfiguration } from '../config/load-configuration.js';
import { placeMeetings } from '../config/meeting-dates.js';
import type { Authority } from '../domain/authority.js';
import type { Store } from '../persistence/open-store.js';

/** The authority with its meetings, whose dates are settled the first time that they are seen. */
export async function dateMeetings({ meetings }: Pick<Store, 'meetings'>, { authority, declaredMeetings }: Pick<AuthorityConfiguration, 'authority' | 'declaredMeetings'>): Promise<Authority> {
  return placeMeetings(authority, declaredMeetings, await meetings.settle(authority.id, declaredMeetings));
}
