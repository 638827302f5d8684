import { expect } from 'chai';
import { visibilityOf } from '../../../src/deliberation/visibility.js';
import type { Item } from '../../../src/domain/item.js';
import { memoryHistoryStore } from '../../support/memory-history-store.js';
import { CATEGORISED, PLAIN, RETIRED, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { sampleItem } from '../../support/sample-item.js';

const authority = withConfig(sampleAuthority(), PLAIN, { powerObservers: ['reviewer2'] });
const nobodys = 'a'.repeat(32);

async function sees(userId: string, change: Partial<Item>): Promise<boolean> {
  const store = memoryHistoryStore([sampleItem(change)]);
  for await (const item of store.search('default', {}, visibilityOf(authority, authority.users.get(userId)!))) return item.uid !== '';
  return false;
}

describe('visibility of items', () => {
  const cases: [string, string, Partial<Item>, boolean][] = [
    ['a new item: its organisation', 'creator1', {}, true],
    ['a new item: another organisation', 'creator2', {}, false],
    ['a new item: a manager of the config outside the organisation', 'manager', { proposingOrganisation: nobodys }, false],
    ['a validated item: that manager', 'manager', { proposingOrganisation: nobodys, reviewState: 'validated' }, true],
    ['a validated item: a power observer of its config', 'reviewer2', { reviewState: 'validated' }, true],
    ['a validated item: a power observer of another config', 'reviewer2', { reviewState: 'validated', configId: CATEGORISED }, false],
    ['a proposed item: an adviser who was asked', 'manager', { proposingOrganisation: nobodys, reviewState: 'proposed', optionalAdvisers: [`${VENDORS}__rowid__1`] }, true],
    ['a proposed item: an adviser who was not', 'manager', { proposingOrganisation: nobodys, reviewState: 'proposed' }, false],
    ['a new item: an adviser who was asked too early', 'manager', { proposingOrganisation: nobodys, optionalAdvisers: [VENDORS] }, false],
    ['an item of an organisation that closed: who was in it', 'creator1', { proposingOrganisation: RETIRED }, true],
    ['a state that the workflow lost: its organisation', 'creator1', { reviewState: 'forgotten' }, false],
    ['a state that the workflow lost: a global Manager', 'admin', { reviewState: 'forgotten', configId: 'forgotten', proposingOrganisation: nobodys }, true],
  ];
  for (const [name, userId, change, expected] of cases) {
    it(`${name} ${expected ? 'sees' : 'does not see'} it`, async () => expect(await sees(userId, change)).to.equal(expected));
  }

  it('is worked out once a user, and anew for a new configuration', () => {
    const user = authority.users.get('creator1')!;
    expect(visibilityOf(authority, user)).to.equal(visibilityOf(authority, user));
    expect(visibilityOf({ ...authority }, user)).to.not.equal(visibilityOf(authority, user));
  });
});
