import { expect } from 'chai';
import type { Delivery } from '../../../src/domain/delivery.js';
import { describeStory } from '../../../src/history/describe-story.js';
import type { ItemStory } from '../../../src/history/store.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { newDelivery } from '../../support/temp-store.js';

const at = Date.UTC(2027, 2, 1, 9);
const delivery: Delivery = {
  ...newDelivery('d', { step: 'depot' }), authority: 'default', itemUid: 'u', attempts: 2, dueAt: at + 3_600_000, epoch: 2, leaseOwner: null,
  leaseUntil: null, markedAt: at, remoteReference: null, reason: 'le dossier ne répond pas',
};
const story = (change: Partial<ItemStory> = {}): ItemStory => ({
  item: sampleItem({ uid: 'u', id: 'voirie', title: 'Voirie', source: 'ged', annexes: [sampleAnnex('a.pdf')] }),
  history: [{ at: at + 500, actor: 'creator1', action: 'create_item_using_imio_pm_ws_soap', comment: '', fromState: null, toState: 'itemcreated' }, { at: at + 1000, actor: 'creator1', action: 'propose', comment: '', fromState: 'itemcreated', toState: 'proposed' }],
  deliveries: [],
  journal: [{ authority: 'default', sequence: 1, at, actor: 'ged', item: 'u', event: 'item.accepted', data: {}, hash: '' }],
  ...change,
});

describe('describeStory', () => {
  it('says in French where an item is and what happened, in the order of time and in the town\'s hour', () => {
    expect(describeStory(story({ deliveries: [delivery] }), 'fr', 'Europe/Brussels')).to.deep.equal([
      '« Voirie » (u)',
      '  identifiant voirie, créé par creator1, reçu de ged',
      '  état : itemcreated, 1 annexe',
      '  étape depot (folder) : prête à partir',
      '    le dossier ne répond pas',
      '    2 essais',
      '    prochain essai : 01/03/2027 11:00:00',
      '    un envoi a commencé : sa présence chez le destinataire sera vérifiée avant tout renvoi',
      '  01/03/2027 10:00:00  accepté et conservé, par ged',
      '  01/03/2027 10:00:00  créé → itemcreated, par creator1',
      '  01/03/2027 10:00:01  propose → proposed, par creator1',
    ]);
  });

  it('says it in English too', () => {
    const lines = describeStory(story({ deliveries: [{ ...delivery, state: 'done', remoteReference: 'R-1', reason: null }] }), 'en');
    expect(lines).to.include('  step depot (folder): done').and.to.include('    reference on the other side: R-1');
    expect(lines.slice(-3, -1)).to.deep.equal(['  01/03/2027 09:00:00  accepted and kept, by ged', '  01/03/2027 09:00:00  created → itemcreated, by creator1']);
  });

  it('says when nothing is to be delivered, and shows an event that it has no words for', () => {
    const journal = [{ authority: 'default', sequence: 1, at, actor: 'x', item: 'u', event: 'item.new-event', data: { problem: 'why' }, hash: '' }];
    const lines = describeStory(story({ journal }), 'fr');
    expect(lines[3]).to.equal('  aucune transmission prévue : le point est conservé ici');
    expect(lines[4]).to.contain('item.new-event (why), par x');
  });
});
