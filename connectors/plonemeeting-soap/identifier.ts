import type { Item } from '../../src/domain/item.js';
import { ownIdentifier, uidInOwn } from '../../src/plonemeeting/own-identifier.js';

/** The identifier that an item has over there: that of the caller, so that he finds it by it; where he gave none, one of our own, so
 * that it can be recognised. */
export function identifierOf({ externalIdentifier, uid }: Pick<Item, 'externalIdentifier' | 'uid'>): string {
  return externalIdentifier === '' ? ownIdentifier(uid) : externalIdentifier;
}

/** As the caller gave it: empty for one of our own. */
export function givenIdentifier(told: string): string {
  return uidInOwn(told) === undefined ? told : '';
}
