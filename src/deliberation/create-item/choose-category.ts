import { selectableCategories } from '../categories.js';
import type { Authority } from '../../domain/authority.js';
import type { MeetingConfig } from '../../domain/meeting-config.js';
import type { Organisation } from '../../domain/organisation.js';
import type { User } from '../../domain/user.js';
import { RelaisError, shown } from '../../errors.js';

/** Check 13 of contracts/ws4pm.md §4.1: the id of the item's category, null where the config uses none or the user may select
 * none. Throws RELAIS_WS4PM_CATEGORY_MANDATORY and RELAIS_WS4PM_CATEGORY. */
export function chooseCategory(authority: Authority, config: MeetingConfig, acting: User, organisation: Organisation, wanted: string | undefined): string | null {
  if (!config.usedAttributes.has('category')) return null;
  const available = selectableCategories(authority, config, acting);
  if (wanted === undefined) {
    if (available.length === 0) return null;
    throw new RelaisError('RELAIS_WS4PM_CATEGORY_MANDATORY', `category: found nothing, expected one, because ${config.id} uses categories.`);
  }
  if (available.some((category) => category.id === wanted)) return wanted;
  throw new RelaisError('RELAIS_WS4PM_CATEGORY', `category: found ${shown(wanted)}, expected one that user ${acting.id} may select for organisation ${organisation.id} in ${config.id}.`);
}
