import { expect } from 'chai';
import type { DeliveryFilter } from '../../../src/delivery/operations.js';
import type { Delivery, NewDelivery } from '../../../src/domain/delivery.js';
import { eachEngine } from '../../support/each-engine.js';
import { claimOne, deliveriesOf, DONE, eventsOf, finishNext, NOTHING, PARKED, statesOf, UNAFFECTED, WORKS } from '../../support/ledger-story.js';
import { acceptDeliveries, claimBy, newDelivery } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

eachEngine('what an operator does', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const step = (name: string, position: number, change: Partial<NewDelivery> = {}) => newDelivery(name, { step: name, position, ...change });
  const accept = async (...deliveries: NewDelivery[]) => (await acceptDeliveries(store, {}, deliveries)).uid;
  const sent = (dueAt: number) => ({ state: 'sent', remoteReference: 'R', receiptData: null, dueAt, broughtBack: NOTHING }) as const;
  const listed = async (filter: DeliveryFilter, page: { limit: number; afterId?: string } = { limit: 100 }) => (await store.operations.list('default', filter, page)).map(({ id }) => id);

  it('lists and counts by everything that can be meant, newest first, page by page', async () => {
    const uid = await accept(newDelivery('a', { connector: 'out', flow: 'letters', step: 'send' }));
    await finishNext(store, { ...PARKED, reason: 'Échec : 100 % refusé_' });
    store.time.at += 1000;
    const { uid: other } = await acceptDeliveries(store, { title: 'Second' }, [newDelivery('b', { connector: 'out', flow: 'permits' })]);
    await acceptDeliveries(store, { authority: 'elsewhere' }, [newDelivery('c')]);
    await accept(newDelivery('d', { connector: 'in' }));
    const wanted: [DeliveryFilter, string[]][] = [
      [{}, ['d', 'b', 'a']], [{ ids: ['b', 'a', 'c'] }, ['b', 'a']], [{ ids: [] }, []], [{ itemUid: other }, ['b']], [{ state: ['parked', 'done'] }, ['a']],
      [{ state: ['parked'] }, ['a']], [{ state: ['ready'], connector: 'out' }, ['b']], [{ connector: 'out' }, ['b', 'a']], [{ flow: 'letters' }, ['a']], [{ step: 'send' }, ['a']],
      [{ since: store.time.at }, ['a']], [{ reason: 'éCHEC : 100 %' }, ['a']], [{ reason: 'refusé_' }, ['a']], [{ reason: '_refus' }, []], [{ itemUid: uid, state: ['ready'] }, []],
    ];
    for (const [filter, ids] of wanted) {
      expect(await listed(filter), JSON.stringify(filter)).to.deep.equal(ids);
      expect(await store.operations.count('default', filter), JSON.stringify(filter)).to.equal(ids.length);
    }
    expect(await listed({}, { limit: 2 })).to.deep.equal(['d', 'b']);
    expect(await listed({}, { limit: 2, afterId: 'b' })).to.deep.equal(['a']);
    expect(await listed({ connector: 'out', state: ['ready', 'parked'] }, { limit: 1, afterId: 'b' })).to.deep.equal(['a']);
    expect((await store.operations.list('default', { ids: ['b'] }, { limit: 1 }))[0]).to.include({ itemTitle: 'Second', flow: 'permits', state: 'ready' });
  });

  it('counts what is not over, with the age of the oldest', async () => {
    await accept(step('s0', 0), step('s1', 1, { state: 'waiting', connector: 'out' }));
    const first = store.time.at;
    store.time.at += 1000;
    await accept(newDelivery('b'));
    await acceptDeliveries(store, { authority: 'elsewhere' }, [newDelivery('c')]);
    await finishNext(store, DONE);
    expect(await store.operations.counts('default')).to.deep.equal([
      { authority: 'default', connector: 'folder', state: 'ready', count: 1, oldest: store.time.at },
      { authority: 'default', connector: 'out', state: 'ready', count: 1, oldest: store.time.at },
    ]);
    expect(first).to.be.lessThan(store.time.at);
    expect((await store.operations.counts(null)).map(({ authority }) => authority)).to.deep.equal(['default', 'default', 'elsewhere']);
  });

  it('asks at once about what the other side hinted at, also where the question is under way, and about nothing else', async () => {
    const later = store.time.at + 60_000;
    for (const [name, connector, reference] of [['a', 'out', 'R1'], ['c', 'out', 'R3'], ['d', 'in', 'R1'], ['b', 'out', 'R2']] as const) {
      await accept(newDelivery(name, { connector }));
      await finishNext(store, { ...sent(name === 'b' ? store.time.at : later), remoteReference: reference });
    }
    const { delivery: asked } = await claimOne(store);
    expect(asked.id).to.equal('b');
    store.time.at += 1_000;
    expect(await store.operations.askByReference('default', 'out', ['R1', 'R2', 'nobody'])).to.equal(2);
    expect(await store.operations.askByReference('elsewhere', 'out', ['R1'])).to.equal(0);
    expect(await store.operations.askByReference('default', 'out', [])).to.equal(0);
    expect((await claimOne(store)).delivery.id).to.equal('a');
    await store.deliveries.finish(asked, { state: 'pending', dueAt: later, reason: null }, UNAFFECTED);
    expect((await claimOne(store)).delivery.id, 'the answer may be older than the hint').to.equal('b');
    expect(await store.deliveries.claim(claimBy('one', { limit: 10 }))).to.deep.equal([]);
  });

  it('asks at once about what an operator means, once each, and about nothing else', async () => {
    const later = store.time.at + 60_000;
    for (const [name, connector] of [['a', 'book'], ['b', 'session'], ['c', 'session'], ['d', 'book']] as const) {
      await accept(newDelivery(name, { connector }));
      // the documents of one session have one reference
      await finishNext(store, { ...sent(later), remoteReference: connector });
    }
    await accept(newDelivery('e', { connector: 'book' }));
    expect(await store.operations.ask('elsewhere', { state: ['sent'] })).to.equal(0);
    expect(await store.operations.ask('default', { ids: ['b'], state: ['sent'] }), 'and not the other document of its session').to.equal(1);
    expect(await store.operations.ask('default', { connector: 'book', state: ['sent'] })).to.equal(2);
    expect(await store.operations.ask('default', { connector: 'book' }), 'they are due already').to.equal(0);
    const due = await store.deliveries.claim(claimBy('one', { limit: 10 }));
    expect(due.map(({ delivery }) => delivery.id).toSorted()).to.deep.equal(['a', 'b', 'd', 'e']);
  });

  it('retries parked ones from the beginning, probing what was marked, and brings waiting retries forward', async () => {
    const uid = await accept(newDelivery('parked'));
    const { delivery } = await claimOne(store);
    await store.deliveries.markSent(delivery);
    await store.deliveries.finish(delivery, { ...PARKED, cleared: false }, UNAFFECTED);
    await accept(newDelivery('later'));
    await finishNext(store, { state: 'ready', dueAt: store.time.at + 3_600_000, reason: 'busy', countsAsAttempt: true, cleared: true });
    await accept(newDelivery('done'));
    await finishNext(store, DONE);
    await accept(newDelivery('now'));
    expect(await store.operations.retry('default', {}, 'anne')).to.equal(2);
    expect((await deliveriesOf(store, uid))[0]).to.include({ state: 'ready', attempts: 0, reason: null, fix: null, dueAt: store.time.at, markedAt: store.time.at });
    const again = await store.deliveries.claim(claimBy('one', { limit: 9 }));
    expect(again.map((one) => [one.delivery.id, one.delivery.attempts, one.delivery.reason])).to.deep.equal([['parked', 0, null], ['later', 1, 'busy'], ['now', 0, null]]);
    const entry = (await store.history.story('default', uid))?.journal.find(({ event }) => event === 'delivery.retried');
    expect(entry).to.include({ actor: 'anne', at: store.time.at });
    expect(await store.operations.retry('default', {}, 'anne'), 'nothing is left to retry').to.equal(0);
  });

  it('cancels what is not under way, with the steps behind it, and asks for what was sent', async () => {
    const stopped = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }), step('back', 2, { state: 'waiting', role: 'return' }));
    expect(await store.operations.cancel('default', { ids: ['s0'] }, 'anne', 'A mistake.')).to.equal(1);
    expect(await statesOf(store, stopped)).to.deep.equal(['s0 cancelled', 's1 cancelled', 'back skipped']);
    expect((await deliveriesOf(store, stopped))[0]).to.include({ reason: 'A mistake.' });
    expect(await eventsOf(store, stopped)).to.deep.equal(['delivery.cancelled', 'delivery.cancelled', 'delivery.skipped']);

    const out = await accept(newDelivery('out'));
    await finishNext(store, sent(store.time.at + 3_600_000));
    const away = await accept(newDelivery('away'));
    await claimOne(store);
    expect(await store.operations.cancel('default', {}, 'anne', 'A mistake.'), 'what is under way is passed over').to.equal(1);
    expect(await statesOf(store, away)).to.deep.equal(['step-0 sending']);
    expect(await statesOf(store, out)).to.deep.equal(['step-0 sent']);
    const asked = await claimOne(store);
    expect(asked.delivery).to.include({ id: 'out', cancelRequested: true });
    await store.deliveries.finish(asked.delivery, { state: 'cancelled', reason: 'Taken back.' }, WORKS);
    expect(await eventsOf(store, out)).to.deep.equal(['delivery.claimed', 'delivery.sent', 'delivery.cancel-requested', 'delivery.cancelled']);
  });

  it('a wish to cancel that comes during a question is carried out at once, and one that is refused goes', async () => {
    await accept(newDelivery('out'));
    await finishNext(store, sent(store.time.at));
    const asked = await claimOne(store);
    expect(await store.operations.cancel('default', {}, 'anne', 'A mistake.')).to.equal(1);
    await store.deliveries.finish(asked.delivery, { state: 'pending', dueAt: store.time.at + 3_600_000, reason: null }, WORKS);
    const again = await claimOne(store);
    expect(again.delivery).to.include({ cancelRequested: true });
    await store.deliveries.finish(again.delivery, { state: 'pending', dueAt: store.time.at + 3_600_000, reason: 'Too late.', cancelRefused: true }, WORKS);
    expect(await store.deliveries.claim(claimBy('one'))).to.deep.equal([]);
    store.time.at += 3_600_000;
    expect((await claimOne(store)).delivery).to.include({ cancelRequested: false, reason: 'Too late.' });
  });

  it('sends again under a new key, once, however often the step was sent before', async () => {
    let made = 0;
    const newId = () => `new-${made += 1}`;
    const uid = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }));
    await finishNext(store, PARKED);
    expect(await store.operations.resend('default', {}, 'anne', newId)).to.equal(1);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 cancelled', 's0 ready', 's1 waiting']);
    expect((await deliveriesOf(store, uid))[0]?.reason).to.equal('Sent again as new-1.');
    const again = await finishNext(store, DONE);
    expect(again.delivery).to.include({ id: 'new-1', step: 's0', attempts: 0, markedAt: null });
    expect(await statesOf(store, uid)).to.deep.equal(['s0 cancelled', 's0 done', 's1 ready']);
    expect(await store.operations.resend('default', { step: 's0' }, 'anne', newId)).to.equal(1);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 cancelled', 's0 done', 's0 ready', 's1 ready']);
    expect((await store.history.story('default', uid))?.journal.filter(({ event }) => event === 'delivery.resent').map(({ data }) => data['insteadOf'])).to.deep.equal(['s0', 'new-1']);
  });

  it('retries and sends again nothing beside a rejected step, but asks for what may be there; the rejected one may go again', async () => {
    const names = ['parked', 'marked', 'done'];
    const deliveries = [step('s0', 0), ...names.map((name, index) => step(name, index + 1)), step('back', 4, { state: 'waiting', role: 'return' })];
    const { uid } = await acceptDeliveries(store, {}, deliveries, Object.fromEntries(names.map((name) => [name, { after: [] }])));
    const claimed = await store.deliveries.claim(claimBy('one', { limit: 9 }));
    const [rejected, parked, marked, done] = claimed.map(({ delivery }) => delivery) as [Delivery, Delivery, Delivery, Delivery];
    await store.deliveries.markSent(marked);
    await store.deliveries.finish(marked, { ...PARKED, cleared: false }, UNAFFECTED);
    await store.deliveries.finish(done, DONE, WORKS);
    await store.deliveries.finish(parked, PARKED, UNAFFECTED);
    await store.deliveries.finish(rejected, { state: 'rejected', reason: 'No.', broughtBack: NOTHING }, WORKS);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 rejected', 'parked cancelled', 'marked parked', 'done done', 'back ready']);
    expect(await store.operations.resend('default', { ids: ['parked', 'marked', 'done'] }, 'anne', () => 'never')).to.equal(0);
    expect(await store.operations.retry('default', {}, 'anne')).to.equal(1);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 rejected', 'parked cancelled', 'marked ready', 'done done', 'back ready']);
    // as it stands in a store of a release that did not cancel it
    await store.door.write((manager) => manager.query('UPDATE delivery SET state = \'parked\' WHERE id = \'parked\''));
    expect(await store.operations.retry('default', { ids: ['parked'] }, 'anne')).to.equal(0);
    expect(await store.operations.resend('default', { ids: ['s0'] }, 'anne', () => 'again')).to.equal(1);
    expect(await store.operations.retry('default', { ids: ['parked'] }, 'anne'), 'nothing is rejected any more').to.equal(1);
  });

  it('settles what an operator found on the other side: done, and the next steps go on', async () => {
    const { uid } = await acceptDeliveries(store, {}, [step('s0', 0), step('s1', 1, { state: 'waiting' })], { s0: { results: { annexType: null, relatedTo: 'item', stateWhenDone: 'accepted', stateWhenRejected: null } } });
    const { delivery } = await claimOne(store);
    await store.deliveries.markSent(delivery);
    await store.deliveries.finish(delivery, { ...PARKED, cleared: false }, UNAFFECTED);
    await accept(newDelivery('refused'));
    await finishNext(store, PARKED);
    const found = { reference: 'ACTE-7', reason: 'Seen in their list.' };
    store.time.at += 1000;
    expect(await store.operations.settle('elsewhere', {}, 'anne', found)).to.equal(0);
    expect(await store.operations.settle('default', {}, 'anne', found), 'what cannot be there is passed over').to.equal(1);
    expect(await store.operations.settle('default', {}, 'anne', found), 'settled twice').to.equal(0);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 done', 's1 ready']);
    expect((await deliveriesOf(store, uid))[0]).to.include({ remoteReference: 'ACTE-7', reason: null, fix: null, stateSince: store.time.at });
    const story = await store.history.story('default', uid);
    expect(story?.journal.find(({ event }) => event === 'delivery.settled')).to.deep.include({ actor: 'anne', data: { delivery: 's0', step: 's0', remoteReference: 'ACTE-7', reason: 'Seen in their list.' } });
    expect(story?.item.reviewState).to.equal('accepted');
    expect(story?.history.at(-1)).to.include({ actor: 'anne', toState: 'accepted', comment: 'Step «s0» is done, reference ACTE-7.' });
    const next = await claimOne(store);
    expect(next.results['s0']).to.deep.equal({ reference: 'ACTE-7', state: 'done', reason: null, fields: {} });
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
  });

  it('what an operator found where its answer is awaited is probed under that name, keeps it until it is sent, and is never sent blindly', async () => {
    const uid = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }));
    await finishNext(store, PARKED);
    const found = { reference: 'helios-34', reason: 'Seen in their list.' };
    store.time.at += 1000;
    expect(await store.operations.awaitAnswer('elsewhere', {}, 'anne', found)).to.equal(0);
    expect(await store.operations.awaitAnswer('default', { ids: ['s0', 's1'] }, 'anne', found)).to.equal(1);
    expect(await store.operations.awaitAnswer('default', {}, 'anne', found), 'under way').to.equal(0);
    const { delivery } = await claimOne(store);
    expect(delivery).to.include({ id: 's0', state: 'sending', foundAs: 'helios-34', markedAt: store.time.at, attempts: 0, reason: null, fix: null });
    await store.deliveries.finish(delivery, { state: 'ready', dueAt: store.time.at, reason: 'r', countsAsAttempt: true, cleared: false }, UNAFFECTED);
    const again = await claimOne(store);
    expect(again.delivery).to.include({ foundAs: 'helios-34' });
    await store.deliveries.finish(again.delivery, { ...PARKED, cleared: false }, UNAFFECTED);
    expect(await store.operations.retry('default', { ids: ['s0'] }, 'anne')).to.equal(1);
    await finishNext(store, sent(store.time.at));
    expect((await deliveriesOf(store, uid))[0]).to.include({ state: 'sent', remoteReference: 'R', foundAs: null, markedAt: store.time.at });
    const noted = (await store.history.story('default', uid))?.journal.find(({ event }) => event === 'delivery.found');
    expect(noted).to.deep.include({ actor: 'anne', data: { delivery: 's0', step: 's0', remoteReference: 'helios-34', reason: 'Seen in their list.' } });
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
  });

  it('what was found there and is sent again all the same has no such name any more', async () => {
    await accept(step('s0', 0));
    await finishNext(store, PARKED);
    await store.operations.awaitAnswer('default', {}, 'anne', { reference: 'X', reason: 'r' });
    await finishNext(store, { ...PARKED, cleared: false });
    expect(await store.operations.resend('default', {}, 'anne', () => 'new')).to.equal(1);
    expect((await claimOne(store)).delivery).to.include({ id: 'new', foundAs: null, markedAt: null });
  });

  it('changes more than a batch of them, each once', async () => {
    for (let n = 0; n < 230; n += 1) await accept(newDelivery(`d${n}`));
    for (const { delivery } of await store.deliveries.claim(claimBy('one', { limit: 230 }))) await store.deliveries.finish(delivery, PARKED, UNAFFECTED);
    expect(await store.operations.count('default', { state: ['parked'] })).to.equal(230);
    expect(await store.operations.retry('default', { state: ['parked'] }, 'anne')).to.equal(230);
    expect(await store.operations.count('default', { state: ['ready'] })).to.equal(230);
    expect(await store.verifyJournal('default')).to.include({ entries: 690, brokenAt: null });
  });

  it('a hold stops a connector of one authority until it is released, whatever the breaker does', async () => {
    await accept(newDelivery('a'));
    await acceptDeliveries(store, { authority: 'elsewhere' }, [newDelivery('b')]);
    await store.operations.hold('default', 'folder', 'anne', 'Works on the line.');
    await store.operations.hold('default', 'unused', 'anne', 'Not yet.');
    expect((await store.deliveries.claim(claimBy('one', { limit: 9 }))).map(({ delivery }) => delivery.id)).to.deep.equal(['b']);
    expect(await store.deliveries.nextDueAt(claimBy('one').limitsOf)).to.equal(null);
    const states = await store.operations.connectorStates('default');
    expect(states.map(({ connector, hold }) => [connector, hold])).to.deep.equal([
      ['folder', { by: 'anne', at: store.time.at, reason: 'Works on the line.' }], ['unused', { by: 'anne', at: store.time.at, reason: 'Not yet.' }],
    ]);
    expect(await store.operations.connectorStates(null)).to.have.length(3);
    await store.operations.release('default', 'folder', 'bert');
    await store.operations.release('default', 'folder', 'bert');
    expect((await claimOne(store)).delivery.id).to.equal('a');
    const noted = (await store.journal.entries('default', 0, 100)).filter(({ event }) => event.startsWith('connector.'));
    expect(noted.map(({ event, actor, data }) => [event, actor, data['connector']])).to.deep.equal([
      ['connector.held', 'anne', 'folder'], ['connector.held', 'anne', 'unused'], ['connector.released', 'bert', 'folder'],
    ]);
  });

  it('a release lets an open breaker try at once', async () => {
    for (const id of ['a', 'b']) await accept(newDelivery(id));
    const { delivery } = await claimOne(store);
    await store.deliveries.finish(delivery, { state: 'ready', dueAt: store.time.at, reason: 'r', countsAsAttempt: false, cleared: true }, { verdict: 'misconfigured', reason: 'r' });
    expect(await store.deliveries.claim(claimBy('one', { limit: 9 }))).to.deep.equal([]);
    await store.operations.release('default', 'folder', 'anne');
    expect((await store.deliveries.claim(claimBy('one', { limit: 9 }))).map(({ canary }) => canary)).to.deep.equal([true]);
  });
});
