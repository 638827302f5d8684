import { DEVELOPERS, NOW, PLAIN } from './sample-authority.js';
import type { Annex, Item } from '../../src/domain/item.js';

let last = 0;

/** An item of creator1 in the plain config, just created; each one a second after the one before. */
export function sampleItem(change: Partial<Item> = {}): Item {
  last += 1;
  const createdAt = NOW + last * 1000;
  return {
    uid: last.toString(16).padStart(32, '0'), authority: 'default', kind: 'deliberation', source: 'creator1', configId: PLAIN,
    id: `point-${last}`, creator: 'creator1', createdAt, modifiedAt: createdAt, reviewState: 'itemcreated',
    proposingOrganisation: DEVELOPERS, title: `Point ${last}`, category: null, description: '', detailedDescription: '', motivation: '',
    decision: '', preferredMeeting: null, meeting: null, externalIdentifier: '', toDiscuss: true, associatedOrganisations: [],
    organisationsInCharge: [], optionalAdvisers: [], extra: {}, annexes: [], ...change,
  };
}

export function sampleAnnex(id: string, change: Partial<Annex> = {}): Annex {
  return {
    uid: `annex-${id}`, id, title: `Annexe ${id}`, typeId: 'financial-analysis', relatedTo: 'item', filename: id,
    mediaType: 'application/pdf', size: 0, sha256: '', confidential: false, ...change,
  };
}
