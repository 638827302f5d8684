import { expect } from 'chai';
import type { BroughtBack, DeliveryOutcome } from '../../../src/delivery/store.js';
import type { Item } from '../../../src/domain/item.js';
import { eachEngine } from '../../support/each-engine.js';
import { NOTHING, WORKS } from '../../support/ledger-story.js';
import { acceptDeliveries, claimBy, newDelivery } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const ACKNOWLEDGED: BroughtBack = { fields: { on: '2027-03-01' }, itemFields: { date_executoire: '2027-03-01' }, annexes: [], reviewState: null };

eachEngine('fields that steps put onto an item', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const itemOf = async (uid: string): Promise<Item> => (await store.history.story('default', uid))!.item;
  const finish = async (outcome: DeliveryOutcome) => {
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    expect(claimed).to.not.equal(undefined);
    return store.deliveries.finish(claimed!.delivery, outcome, WORKS);
  };
  const accept = () => acceptDeliveries(store, { extra: { notes: '<p>kept</p>' } }, [newDelivery('a'), newDelivery('b', { position: 1, step: 'next', state: 'waiting' })]);

  it('stand beside those that it has, before the answer and with it, and the next step sees them', async () => {
    const { uid } = await accept();
    await finish({ state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at, broughtBack: { ...NOTHING, itemFields: { transaction: 'T1', date_executoire: '' } } });
    expect((await itemOf(uid)).extra).to.deep.equal({ notes: '<p>kept</p>', transaction: 'T1', date_executoire: '' });
    await finish({ state: 'pending', dueAt: store.time.at, reason: null, broughtBack: { ...NOTHING, itemFields: { transaction: 'T2', rejected: ['one', 'two'] } } });
    store.time.at += 1000;
    await finish({ state: 'done', remoteReference: 'R', broughtBack: ACKNOWLEDGED });
    const extra = { notes: '<p>kept</p>', transaction: 'T2', date_executoire: '2027-03-01', rejected: ['one', 'two'] };
    expect(await itemOf(uid)).to.deep.include({ extra, modifiedAt: store.time.at });
    const [next] = await store.deliveries.claim(claimBy('one'));
    expect(next?.item.extra).to.deep.equal(extra);
  });

  it('come with a rejection, too, and leave an item as it is where they say nothing new', async () => {
    const { uid } = await accept();
    const sent: DeliveryOutcome = { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at, broughtBack: ACKNOWLEDGED };
    await finish(sent);
    const { modifiedAt } = await itemOf(uid);
    store.time.at += 1000;
    await finish({ state: 'rejected', reason: 'no', broughtBack: ACKNOWLEDGED });
    expect(await itemOf(uid)).to.deep.include({ modifiedAt, extra: { notes: '<p>kept</p>', date_executoire: '2027-03-01' } });
  });

  it('are not written where the lease was lost', async () => {
    const { uid } = await accept();
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    await store.deliveries.finish(claimed!.delivery, { state: 'ready', dueAt: store.time.at, reason: 'later', countsAsAttempt: true, cleared: true }, WORKS);
    expect(await store.deliveries.finish(claimed!.delivery, { state: 'done', remoteReference: 'R', broughtBack: ACKNOWLEDGED }, WORKS)).to.equal(false);
    expect((await itemOf(uid)).extra).to.deep.equal({ notes: '<p>kept</p>' });
  });

  it('are named in the journal, without their values', async () => {
    const { uid } = await accept();
    await finish({ state: 'done', remoteReference: 'R', broughtBack: ACKNOWLEDGED });
    const done = (await store.history.story('default', uid))!.journal.find(({ event }) => event === 'delivery.done');
    expect(done?.data).to.deep.include({ fields: ['on'], itemFields: ['date_executoire'] });
    expect(JSON.stringify(done?.data)).to.not.include('2027-03-01');
  });
});
