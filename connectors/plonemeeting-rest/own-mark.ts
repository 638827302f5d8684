import type { Item } from '../../src/domain/item.js';
import { ownIdentifier, uidInOwn } from '../../src/plonemeeting/own-identifier.js';

/** How an item of ours is told over there. Nothing else of it is unique: an external identifier may stand on several items, and titles may change. */
export interface OwnMark {
  /** The short id that we give it, which is the end of its address. PloneMeeting takes no second one of the same id in the folder of the same user
   * (so that a repeat is refused there, whatever we know), and gives it another when somebody changes the item in its first state. */
  readonly id: string;
  /** Its external identifier as it is carried; of our own where the caller gave none. Never changed over there. */
  readonly externalIdentifier: string;
  /** The external identifier is of no other item. */
  readonly isOwn: boolean;
}

const ENCODED_PREFIX = 'relais-text:';

const SLUG_LENGTH = 60;
const MARK_LENGTH = 16;

export function ownMark({ uid, id, externalIdentifier }: Item): OwnMark {
  const slug = id.replace(/[^a-z0-9-]+/gi, '-').toLowerCase().slice(0, SLUG_LENGTH).replace(/^-+|-+$/g, '');
  return {
    id: `${slug === '' ? 'point' : slug}-r${uid.slice(0, MARK_LENGTH).toLowerCase()}`,
    externalIdentifier: externalIdentifier === '' ? ownIdentifier(uid) : carried(externalIdentifier),
    isOwn: externalIdentifier === '',
  };
}

/** True for a short id with the mark of any item of ours. */
export function isMarkedId(id: string): boolean {
  return new RegExp(`-r[0-9a-f]{${MARK_LENGTH}}$`).test(id);
}

/** An external identifier as PloneMeeting can keep it: plain ASCII, without spaces around; anything else there ends in a 500 (contracts/plonemeeting-rest.md
 * §9). Two different ones stay different. */
export function carried(externalIdentifier: string): string {
  const isPlain = /^[!-~](?:[ -~]*[!-~])?$/.test(externalIdentifier) && uidInOwn(externalIdentifier) === undefined && !externalIdentifier.startsWith(ENCODED_PREFIX);
  return isPlain ? externalIdentifier : `${ENCODED_PREFIX}${encodeURIComponent(wellFormed(externalIdentifier))}`;
}

/** Half a surrogate pair has no bytes. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

/** As the caller gave it: empty for one of our own. */
export function given(externalIdentifier: string): string {
  if (uidInOwn(externalIdentifier) !== undefined) return '';
  if (!externalIdentifier.startsWith(ENCODED_PREFIX)) return externalIdentifier;
  try {
    return decodeURIComponent(externalIdentifier.slice(ENCODED_PREFIX.length));
  } catch {
    return externalIdentifier;
  }
}
