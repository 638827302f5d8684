import { activeOrganisations } from '../find-config.js';
import type { Authority } from '../../domain/authority.js';
import { CREATION_DATA_FIELDS, ITEM_FIELDS } from '../../domain/item-fields.js';
import type { Adviser, MeetingConfig } from '../../domain/meeting-config.js';
import { hasUid } from '../../domain/organisation.js';
import { RelaisError, shown } from '../../errors.js';
import type { CreationData } from './create-item-request.js';

const MAX_LISTED = 20;

/** The uids that organisations have here, in place of any other that they are known by. */
export function ownUids({ organisations }: Authority, uids: readonly string[]): readonly string[] {
  return uids.map((wanted) => organisations.find((one) => hasUid(one, wanted))?.uid ?? wanted);
}

/** Checks 7 to 9 of contracts/ws4pm.md §4.1. Throws RELAIS_WS4PM_VALUES listing the values that are not available, and
 * RELAIS_WS4PM_ADVICES where the config does not use advices. */
export function checkLists(authority: Authority, config: MeetingConfig, data: CreationData): void {
  const active = activeOrganisations(authority).map((organisation) => organisation.uid);
  const associated = config.orderedAssociatedOrganisations.length > 0 ? ownUids(authority, config.orderedAssociatedOrganisations) : active;
  const inCharge = ownUids(authority, config.orderedOrganisationsInCharge);
  requireAll('associatedGroups', data.associatedGroups, (uid) => associated.includes(uid));
  requireAll('groupsInCharge', data.groupsInCharge, (uid) => active.includes(uid) && (inCharge.length === 0 || inCharge.includes(uid)));
  if (data.optionalAdvisers.length === 0) return;
  if (!config.usesAdvices) {
    throw new RelaisError('RELAIS_WS4PM_ADVICES', `optionalAdvisers: found ${listed(data.optionalAdvisers)}, expected nothing, because ${config.id} does not use advices.`);
  }
  requireAll('optionalAdvisers', data.optionalAdvisers, (token) => isSelectable(token, config.selectableAdvisers));
}

function requireAll(attribute: string, values: readonly string[], isAvailable: (value: string) => boolean): void {
  const wrong = values.filter((value) => !isAvailable(value));
  if (wrong.length === 0) return;
  throw new RelaisError('RELAIS_WS4PM_VALUES', `${attribute}: found values that are not available: ${listed(wrong)}.`);
}

/** As many values as a person would read. */
function listed(values: readonly string[]): string {
  return `${values.slice(0, MAX_LISTED).map(shown).join(', ')}${values.length > MAX_LISTED ? ', …' : ''}`;
}

/** A token of the config, or one with a named person among its advisers (contracts/ws4pm.md §4.2). */
function isSelectable(token: string, advisers: readonly Adviser[]): boolean {
  const [base, person, ...rest] = token.split('__userid__');
  const adviser = advisers.find((one) => one.token === base);
  if (adviser === undefined || rest.length > 0) return false;
  return person === undefined || adviser.users.includes(person);
}

/** Check 10: the extraAttrs that are fields of their own. Throws RELAIS_WS4PM_EXTRA_KEY and RELAIS_WS4PM_EXTRA_TYPE naming
 * the key. A key given twice keeps its last value. */
export function extraFields(extraAttrs: CreationData['extraAttrs']): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const { key, value } of extraAttrs) {
    if (CREATION_DATA_FIELDS.has(key)) continue;
    const field = ITEM_FIELDS.get(key);
    if (field === undefined) throw new RelaisError('RELAIS_WS4PM_EXTRA_KEY', `extraAttrs: found key "${shown(key)}", expected the name of a field of items.`);
    if (field.kind !== 'rich') throw new RelaisError('RELAIS_WS4PM_EXTRA_TYPE', `extraAttrs: found key "${shown(key)}", which is not a rich-text field, expected one that is.`);
    fields.set(key, value);
  }
  return fields;
}
