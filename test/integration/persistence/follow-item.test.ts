import { expect } from 'chai';
import type { DeliveryOutcome, ItemNews } from '../../../src/delivery/store.js';
import type { Item } from '../../../src/domain/item.js';
import type { ItemQuery } from '../../../src/history/store.js';
import { noteTextAgain } from '../../../src/persistence/item-text.js';
import { eachEngine } from '../../support/each-engine.js';
import { NOTHING, WORKS } from '../../support/ledger-story.js';
import { acceptDeliveries, claimBy, gather, newDelivery, type TempStore } from '../../support/temp-store.js';

eachEngine('what an item has become in the system that decides', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const itemOf = async (uid: string): Promise<Item> => (await store.history.story('default', uid))!.item;
  const journalOf = async (uid: string) => (await store.history.story('default', uid))!.journal.filter(({ event }) => event.startsWith('item.')).map(({ event, data }) => [event, data]);
  const finish = async (outcome: DeliveryOutcome) => {
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    return store.deliveries.finish(claimed!.delivery, outcome, WORKS);
  };
  const accept = (change: Partial<Item> = {}) => acceptDeliveries(store, { title: 'Travaux', decision: '<p>projet</p>', ...change }, [
    newDelivery('a', { step: 'forward', connector: 'pm' }), newDelivery('b', { position: 1, step: 'sign', state: 'waiting', connector: 'signing' }),
  ], { sign: { after: [], waitFor: ['accepted'] } });
  const sent = (item?: ItemNews): DeliveryOutcome => ({ state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at, broughtBack: { ...NOTHING, ...(item === undefined ? {} : { item }) } });
  const news = (item: ItemNews): DeliveryOutcome => ({ state: 'pending', dueAt: store.time.at, reason: null, broughtBack: { ...NOTHING, item } });
  const found = async (query: ItemQuery) => (await gather(store.history.search('default', query, 'everything'))).map(({ uid }) => uid);
  const word = (text: string): ItemQuery => ({ text: [{ field: 'everything', query: { type: 'word', text } }] });

  it('is written on it, with the state in its history and no text in the journal', async () => {
    const { uid } = await accept();
    await finish(sent());
    store.time.at += 60_000;
    await finish(news({ reviewState: 'itemfrozen', title: 'Réfection', category: 'roads', decision: '<p>Le Collège adopte</p>', meeting: 'm1', preferredMeeting: 'm1' }));
    expect(await itemOf(uid)).to.include({ reviewState: 'itemfrozen', title: 'Réfection', category: 'roads', decision: '<p>Le Collège adopte</p>', meeting: 'm1', preferredMeeting: 'm1', modifiedAt: store.time.at });
    expect((await store.history.story('default', uid))!.history.at(-1)).to.deep.equal({ at: store.time.at, actor: 'relais', action: 'relais_followed', comment: '', fromState: 'itemcreated', toState: 'itemfrozen' });
    expect(await journalOf(uid)).to.deep.equal([
      ['item.followed', { fields: ['title', 'category', 'decision', 'meeting', 'preferredMeeting'], meeting: 'm1' }],
      ['item.state-changed', { action: 'relais_followed', from: 'itemcreated', to: 'itemfrozen' }],
    ]);
    expect(await found({ reviewState: 'itemfrozen', meeting: 'm1', category: 'roads' })).to.deep.equal([uid]);
    expect((await store.verifyJournal('default')).brokenAt).to.equal(null);
  });

  it('is found by its new words and not by its old ones, and weighs what it weighs', async () => {
    const { uid } = await accept({ motivation: 'motif' });
    await finish(sent());
    await finish(news({ title: 'Réfection', decision: `<p>${'adopte '.repeat(500)}</p>` }));
    expect(await found(word('travaux'))).to.deep.equal([]);
    expect(await found(word('projet'))).to.deep.equal([]);
    for (const text of ['réfection', 'adopte', 'motif']) expect(await found(word(text)), text).to.deep.equal([uid]);
    const weights = await store.door.read((manager) => manager.query('SELECT text_bytes AS "bytes" FROM item'));
    expect(weights).to.deep.equal([{ bytes: 'Réfection'.length + 'motif'.length + 7 + 7 * 500 }]);
    // two works that share a transaction
    await Promise.all(['un', 'deux'].map((title) => store.door.write(async (manager) => {
      const [row] = await manager.query<{ seq: number }[]>('SELECT seq FROM item');
      noteTextAgain(manager, row!.seq, { ...await itemOf(uid), title });
    })));
    expect([await found(word('un')), await found(word('deux'))]).to.deep.equal([[], [uid]]);
  });

  it('lets the steps go on that wait for it', async () => {
    await accept();
    await finish(sent({ reviewState: 'presented' }));
    expect((await store.operations.list('default', { step: 'sign' }, { limit: 1 }))[0]!.state).to.equal('waiting');
    await finish(news({ reviewState: 'accepted' }));
    expect((await store.operations.list('default', { step: 'sign' }, { limit: 1 }))[0]!.state).to.equal('ready');
  });

  it('writes nothing where nothing changed', async () => {
    const { uid } = await accept();
    await finish(sent({ reviewState: 'accepted', title: 'Réfection' }));
    const before = await store.history.story('default', uid);
    store.time.at += 60_000;
    await finish(news({ reviewState: 'accepted', title: 'Réfection', meeting: null }));
    const after = await store.history.story('default', uid);
    expect(after!.item).to.deep.equal(before!.item);
    expect([after!.history, after!.journal.filter(({ event }) => event !== 'delivery.claimed')]).to.deep.equal([before!.history, before!.journal.filter(({ event }) => event !== 'delivery.claimed')]);
  });

  it('is not written where the lease was lost', async () => {
    const { uid } = await accept();
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    await store.deliveries.finish(claimed!.delivery, { state: 'ready', dueAt: store.time.at, reason: 'later', countsAsAttempt: true, cleared: true }, WORKS);
    expect(await store.deliveries.finish(claimed!.delivery, sent({ title: 'Autre' }), WORKS)).to.equal(false);
    expect((await itemOf(uid)).title).to.equal('Travaux');
  });
});
