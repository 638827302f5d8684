import { expect } from 'chai';
import { eachEngine } from '../../support/each-engine.js';
import { DONE, finishNext, statesOf } from '../../support/ledger-story.js';
import { acceptDeliveries, newDelivery } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

eachEngine('changes of an item', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const change = { authority: 'default', from: 'itemcreated', to: 'accepted', action: 'accept', actor: 'anne', comment: 'Fine.' } as const;
  const waiting = () => acceptDeliveries(store, {}, [newDelivery('s0', { step: 's0' }), newDelivery('s1', { step: 's1', position: 1, state: 'waiting' })], { s1: { waitFor: ['accepted'] } });

  it('moves it to another state, with its history and a journal entry without the comment', async () => {
    const { uid } = await waiting();
    store.time.at += 1000;
    expect(await store.itemChanges.changeState({ ...change, uid, meeting: 'm1' })).to.equal(true);
    const story = (await store.history.story('default', uid))!;
    expect(story.item).to.include({ reviewState: 'accepted', meeting: 'm1', modifiedAt: store.time.at });
    expect(story.history).to.deep.equal([{ at: store.time.at, actor: 'anne', action: 'accept', comment: 'Fine.', fromState: 'itemcreated', toState: 'accepted' }]);
    expect(story.journal.map(({ actor, event, data }) => [actor, event, data])).to.deep.equal([['anne', 'item.state-changed', { action: 'accept', from: 'itemcreated', to: 'accepted', meeting: 'm1' }]]);
    expect(await store.itemChanges.changeState({ ...change, uid, from: null, to: 'itemcreated' })).to.equal(true);
    expect((await store.history.story('default', uid))?.item, 'the meeting stays as it was').to.include({ reviewState: 'itemcreated', meeting: 'm1' });
  });

  it('begins steps that waited for it, once those before them have passed', async () => {
    const { uid } = await waiting();
    await store.itemChanges.changeState({ ...change, uid });
    expect(await statesOf(store, uid)).to.deep.equal(['s0 ready', 's1 waiting']);
    await finishNext(store, DONE);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 done', 's1 ready']);

    const { uid: later } = await waiting();
    await finishNext(store, DONE);
    await finishNext(store, DONE);
    expect(await statesOf(store, later)).to.deep.equal(['s0 done', 's1 waiting']);
    await store.itemChanges.changeState({ ...change, uid: later });
    expect(await statesOf(store, later)).to.deep.equal(['s0 done', 's1 ready']);
  });

  it('changes nothing if the item is in another state, unknown or of another authority', async () => {
    const { uid } = await waiting();
    const before = await store.history.story('default', uid);
    expect(await store.itemChanges.changeState({ ...change, uid, from: 'validated' })).to.equal(false);
    expect(await store.itemChanges.changeState({ ...change, uid: 'none' })).to.equal(false);
    expect(await store.itemChanges.changeState({ ...change, authority: 'elsewhere', uid })).to.equal(false);
    expect(await store.history.story('default', uid)).to.deep.equal(before);
  });
});
