import type { Item } from '../../src/domain/item.js';

/** Before the uid of an item that has no identifier of its caller. */
const OWN_PREFIX = 'relais-item:';

/** The identifier that an item has over there: that of the caller, so that he finds it by it; where he gave none, one of our own, so
 * that it can be recognised. */
export function identifierOf({ externalIdentifier, uid }: Pick<Item, 'externalIdentifier' | 'uid'>): string {
  return externalIdentifier === '' ? `${OWN_PREFIX}${uid}` : externalIdentifier;
}

/** As the caller gave it: empty for one of our own. */
export function givenIdentifier(told: string): string {
  return told.startsWith(OWN_PREFIX) ? '' : told;
}
