import { safeFilename } from '../domain/safe-filename.js';
import { fileUrlId, urlId } from '../domain/url-id.js';
import type { Annex, ExtraValue, NewItem } from '../domain/item.js';
import type { ItemPlace } from '../domain/item-place.js';
import type { Submission } from './accept-item.js';

/** A file of the item, whose bytes are kept. Size in bytes. */
export interface GivenFile {
  readonly title: string;
  readonly filename: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly size: number;
  readonly role?: string;
}

/** What is known of an item that comes by no call of ws4pm. */
export interface GivenItem {
  readonly kind: string;
  readonly title: string;
  /** Plain text. */
  readonly description?: string;
  readonly externalIdentifier?: string;
  readonly extra?: Readonly<Record<string, ExtraValue>>;
  readonly files: readonly GivenFile[];
}

export interface PlaceParts {
  readonly authority: string;
  readonly place: ItemPlace;
  readonly newId: () => string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Makes of what was deposited or collected an item that stands where it should, for Intake. */
export function itemAtPlace(given: GivenItem, { authority, place, newId, now }: PlaceParts): Submission {
  const { kind, title, description = '', externalIdentifier = '', extra = {}, files } = given;
  const { creator, source, configId, organisation, reviewState } = place;
  const item: NewItem = {
    uid: newId(), authority, kind, source, configId, baseId: urlId(title, 'item'), creator, createdAt: now, modifiedAt: now, reviewState,
    proposingOrganisation: organisation, title, category: null, description: description === '' ? '' : `<p>${escaped(description)}</p>`, detailedDescription: '', motivation: '', decision: '',
    preferredMeeting: null, meeting: null, externalIdentifier, toDiscuss: false, associatedOrganisations: [], organisationsInCharge: [], optionalAdvisers: [],
    extra, annexes: annexesOf(files, place, newId),
  };
  return { item, history: [{ at: now, actor: creator, action: 'itemcreated', comment: 'itemcreated_comments', fromState: null, toState: reviewState }] };
}

function annexesOf(files: readonly GivenFile[], { annexType }: ItemPlace, newId: () => string): Annex[] {
  const ids = new Map<string, number>();
  return files.map(({ title, filename: offered, mediaType, sha256, size, role }) => {
    const filename = safeFilename(offered) ?? 'document';
    return {
      uid: newId(), id: fileUrlId(filename, ids), title: title === '' ? filename : title, typeId: annexType, relatedTo: 'item', filename, mediaType, size, sha256,
      confidential: false, ...(role === undefined ? {} : { role }),
    };
  });
}

function escaped(text: string): string {
  return text.replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? character).replace(/\r?\n/g, '<br>');
}
