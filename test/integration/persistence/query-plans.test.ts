import { expect } from 'chai';
import type { ItemQuery, TextQuery, Visibility } from '../../../src/history/store.js';
import { acceptDeliveries, acceptItems, gather, newDelivery, openTempStore } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';
import { plansOf } from '../../support/query-plans.js';

describe('what the store looks at to answer', () => {
  let store: TempStore;
  before(async () => {
    store = await openTempStore();
    await acceptItems(store, ...Array.from({ length: 20 }, () => ({ externalIdentifier: 'X', meeting: 'm', category: 'k' })));
    await acceptDeliveries(store, {}, [newDelivery('d')]);
  });
  after(async () => { await store.close(); });

  const visible: Visibility = [{ configId: 'c', states: ['s'], organisations: ['o'], advisers: ['a'] }, { configId: 'd', states: null, organisations: null, advisers: null }];
  const search = (query: ItemQuery) => gather(store.history.search('default', query, visible));
  const title = (query: TextQuery): ItemQuery => ({ text: [{ field: 'title', query }] });
  const lookups: Readonly<Record<string, readonly [index: string, work: () => Promise<unknown>]>> = {
    'by uid': ['item_uid', () => search({ uid: 'u' })],
    'by external identifier': ['item_external_identifier', () => search({ externalIdentifier: 'X' })],
    'by creator': ['item_creator', () => search({ creator: 'c' })],
    'by category': ['item_category', () => search({ category: 'k' })],
    'by meeting config': ['item_short_id', () => search({ configId: 'c' })],
    'by proposing organisation': ['item_organisation', () => search({ proposingOrganisation: 'o' })],
    'by state': ['item_state', () => search({ reviewState: 's' })],
    'by meeting': ['item_meeting', () => search({ meeting: 'm' })],
    'in no meeting': ['authority=?', () => search({ meeting: null })],
    'by words': ['VIRTUAL TABLE INDEX', () => search(title({ type: 'word', text: 'point' }))],
    'by a pattern': ['VIRTUAL TABLE INDEX', () => search(title({ type: 'pattern', pattern: 'po*t' }))],
    'linked': ['item_external_identifier', () => store.history.isLinked('default', 'X', 'c')],
    'the newest': ['item_created', () => store.history.latest('default', 5)],
    'a blob': ['annex_blob', () => store.blobReferences.isReferenced('default', 'ab')],
  };

  for (const [what, [index, work]] of Object.entries(lookups)) {
    it(`${what}: ${index}, and no table is read from end to end`, async () => {
      const plans = await plansOf(store, 'reader', work);
      expect(plans.join('\n')).to.contain(index);
      expect(plans.filter((step) => /^SCAN (?!busy|json_each|CONSTANT)\w+( |$)/.test(step) && !/VIRTUAL TABLE|USING (COVERING )?INDEX/.test(step))).to.deep.equal([]);
    });
  }

  it('a story of an item that is there', async () => {
    const [item] = await store.history.latest('default', 1);
    const plans = (await plansOf(store, 'reader', () => store.history.story('default', item!.uid))).join('\n');
    for (const index of ['item_uid', 'journal_item', 'delivery_item']) expect(plans).to.contain(index);
    expect(plans).to.not.contain('SCAN history_event');
  });
});
