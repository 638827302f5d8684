import { expect } from 'chai';
import type { BroughtBack, DeliveryOutcome } from '../../../src/delivery/store.js';
import type { Delivery, NewDelivery } from '../../../src/domain/delivery.js';
import { eachEngine } from '../../support/each-engine.js';
import { claimOne, deliveriesOf, DONE, eventsOf, finishNext, NOTHING, PARKED, statesOf, UNAFFECTED, WORKS } from '../../support/ledger-story.js';
import { sampleAnnex } from '../../support/sample-item.js';
import { acceptDeliveries, claimBy, newDelivery, UNLIMITED } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const LEASE = 60_000;

eachEngine('the delivery store', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const step = (name: string, position: number, change: Partial<NewDelivery> = {}) => newDelivery(name, { step: name, position, ...change });
  const accept = async (...deliveries: NewDelivery[]) => (await acceptDeliveries(store, {}, deliveries)).uid;

  it('a done step makes the next one of its flow ready, and only that', async () => {
    const uid = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }), step('s2', 2, { state: 'waiting' }));
    await finishNext(store, DONE);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 done', 's1 ready', 's2 waiting']);
    const sent = await finishNext(store, { state: 'sent', remoteReference: 'R2', receiptData: { page: 1 }, dueAt: store.time.at + 500, broughtBack: NOTHING });
    expect(sent.delivery.id).to.equal('s1');
    expect(await statesOf(store, uid)).to.deep.equal(['s0 done', 's1 sent', 's2 waiting']);
    expect((await deliveriesOf(store, uid))[0]).to.include({ remoteReference: 'R', attempts: 1, leaseOwner: null, leaseUntil: null });
    expect(await store.deliveries.nextDueAt(() => UNLIMITED)).to.equal(store.time.at + 500);
    expect(await eventsOf(store, uid)).to.deep.equal(['delivery.claimed', 'delivery.done', 'delivery.ready', 'delivery.claimed', 'delivery.sent']);
  });

  it('asks for an answer until it comes, without counting attempts or writing down that there is none', async () => {
    const uid = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }));
    await finishNext(store, { state: 'sent', remoteReference: 'R', receiptData: { page: 1 }, dueAt: store.time.at, broughtBack: { ...NOTHING, fields: { ticket: 'T' } } });
    const since = store.time.at;
    for (const [polls, reason] of [[0, 'With the mayor.'], [1, 'With the mayor.'], [2, 'With the clerk.']] as const) {
      store.time.at += 1000;
      const asked = await finishNext(store, { state: 'pending', dueAt: store.time.at, reason, ...(polls === 1 ? { receiptData: { page: 2 } } : {}) });
      expect(asked.delivery).to.deep.include({ state: 'sent', polls, attempts: 1, stateSince: since, receiptData: { page: polls === 2 ? 2 : 1 } });
    }
    await finishNext(store, { state: 'done', remoteReference: 'R', broughtBack: { ...NOTHING, fields: { signedBy: ['A', 'B'] } } });
    expect(await eventsOf(store, uid)).to.deep.equal(['delivery.claimed', 'delivery.sent', 'delivery.pending', 'delivery.pending', 'delivery.done', 'delivery.ready']);
    expect((await claimOne(store)).results).to.deep.equal({ s0: { reference: 'R', state: 'done', reason: null, fields: { ticket: 'T', signedBy: ['A', 'B'] } } });
  });

  it('what was sent counts as marked, though its connector found it there and marked nothing: a retry asks for it', async () => {
    await accept(step('s0', 0));
    await finishNext(store, { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at, broughtBack: NOTHING });
    await finishNext(store, { ...PARKED, cleared: false });
    expect(await store.operations.retry('default', { ids: ['s0'] }, 'anne')).to.equal(1);
    expect((await claimOne(store)).delivery).to.include({ state: 'sending', markedAt: store.time.at });
  });

  it('puts what came back onto the item: documents behind its own, the review state with its history', async () => {
    const own = sampleAnnex('letter.pdf', { sha256: 'aa' });
    const { uid } = await acceptDeliveries(store, { annexes: [own], reviewState: 'validated' }, [step('s0', 0)]);
    const signed = sampleAnnex('signed.pdf', { sha256: 'bb', size: 12, relatedTo: 'decision', role: 'signed-document' });
    const broughtBack: BroughtBack = { fields: { number: 7 }, annexes: [signed], reviewState: { to: 'accepted', action: 'relais_step_done', comment: 's0' } };
    store.time.at += 5000;
    await finishNext(store, { state: 'done', remoteReference: 'R', broughtBack });
    const story = (await store.history.story('default', uid))!;
    expect(story.item).to.deep.include({ reviewState: 'accepted', modifiedAt: store.time.at, annexes: [own, signed] });
    expect(story.history).to.deep.equal([{ at: store.time.at, actor: 'relais', action: 'relais_step_done', comment: 's0', fromState: 'validated', toState: 'accepted' }]);
    expect(story.journal.at(-1)?.data).to.deep.equal({ delivery: 's0', step: 's0', remoteReference: 'R', fields: ['number'], annexes: [{ filename: 'signed.pdf', sha256: 'bb', role: 'signed-document' }], reviewState: 'accepted' });
    expect(await store.blobReferences.isReferenced('default', 'bb')).to.equal(true);
  });

  it('a review state that a step brings begins steps that wait for it', async () => {
    const deliveries = [step('s0', 0), step('s1', 1, { state: 'waiting' })];
    const { uid } = await acceptDeliveries(store, {}, deliveries, { s1: { after: [], waitFor: ['accepted'] } });
    await finishNext(store, { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at + 1000, broughtBack: { ...NOTHING, reviewState: { to: 'accepted', action: 'a', comment: '' } } });
    expect(await statesOf(store, uid)).to.deep.equal(['s0 sent', 's1 ready']);
  });

  it('a rejection cancels what is left and begins the return steps', async () => {
    const uid = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }), step('back', 2, { state: 'waiting', role: 'return' }));
    await finishNext(store, { state: 'rejected', reason: 'The mayor said no.', broughtBack: { ...NOTHING, fields: { by: 'the mayor' } } });
    expect(await statesOf(store, uid)).to.deep.equal(['s0 rejected', 's1 cancelled', 'back ready']);
    const back = await claimOne(store);
    expect(back.step.id).to.equal('back');
    expect(back.results['s0']).to.deep.equal({ reference: null, state: 'rejected', reason: 'The mayor said no.', fields: { by: 'the mayor' } });
    await store.deliveries.finish(back.delivery, DONE, WORKS);
    expect(await eventsOf(store, uid)).to.deep.equal(['delivery.claimed', 'delivery.rejected', 'delivery.cancelled', 'delivery.ready', 'delivery.claimed', 'delivery.done']);
  });

  it('a step beside the rejected one is not sent any more once it is free again', async () => {
    const beside = ['tried', 'refused', 'marked'].map((name, index) => step(name, index + 1));
    const { uid } = await acceptDeliveries(store, {}, [step('s0', 0), ...beside, step('back', 4, { state: 'waiting', role: 'return' })], Object.fromEntries(beside.map(({ id }) => [id, { after: [] }])));
    const claimed = await store.deliveries.claim(claimBy('one', { limit: 9 }));
    const [rejected, tried, refused, marked] = claimed.map(({ delivery }) => delivery) as [Delivery, Delivery, Delivery, Delivery];
    expect(claimed.map((one) => one.rejectedStep)).to.deep.equal([null, null, null, null]);
    await store.deliveries.markSent(marked);
    await store.deliveries.finish(rejected, { state: 'rejected', reason: 'The mayor said no.', broughtBack: NOTHING }, WORKS);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 rejected', 'tried sending', 'refused sending', 'marked sending', 'back ready']);

    const again = { state: 'ready', dueAt: store.time.at, reason: 'no answer', countsAsAttempt: true } as const;
    await store.deliveries.finish(tried, { ...again, cleared: true }, UNAFFECTED);
    await store.deliveries.finish(refused, PARKED, UNAFFECTED);
    await store.deliveries.finish(marked, { ...again, cleared: false }, UNAFFECTED);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 rejected', 'tried cancelled', 'refused cancelled', 'marked ready', 'back ready']);
    for (const { reason, fix } of (await deliveriesOf(store, uid)).slice(1, 3)) expect({ reason, fix }).to.deep.equal({ reason: 'Step «s0» was rejected.', fix: null });
    const next = await store.deliveries.claim(claimBy('one', { limit: 9 }));
    expect(next.map((one) => [one.delivery.step, one.rejectedStep])).to.have.deep.members([['marked', 's0'], ['back', 's0']]);
  });

  it('a step whose process died is told of the rejection when it is taken up again', async () => {
    const { uid } = await acceptDeliveries(store, {}, [step('s0', 0), step('beside', 1)], { beside: { after: [] } });
    const [rejected] = await store.deliveries.claim(claimBy('one', { limit: 2 }));
    await store.deliveries.finish(rejected!.delivery, { state: 'rejected', reason: 'No.', broughtBack: NOTHING }, WORKS);
    store.time.at += LEASE;
    expect(await store.deliveries.reap()).to.equal(1);
    const taken = await claimOne(store);
    expect(taken).to.deep.include({ rejectedStep: 's0' });
    await store.deliveries.finish(taken.delivery, { state: 'cancelled', reason: 'Step «s0» was rejected.' }, UNAFFECTED);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 rejected', 'beside cancelled']);
  });

  it('files of one name that steps side by side bring back get ids of their own', async () => {
    const { uid } = await acceptDeliveries(store, { annexes: [sampleAnnex('plan.pdf')] }, [step('a', 0), step('b', 1)], { b: { after: [] } });
    const claimed = await store.deliveries.claim(claimBy('one', { limit: 2 }));
    const file = (uid: string, id: string) => sampleAnnex(id, { uid, filename: 'acte.pdf' });
    const brought = [[file('1', 'acte.pdf'), file('2', 'acte-1.pdf')], [file('3', 'acte.pdf'), file('4', 'acte-1.pdf')]];
    await Promise.all(claimed.map(({ delivery }, index) => store.deliveries.finish(delivery, { ...DONE, broughtBack: { ...NOTHING, annexes: brought[index] ?? [] } }, WORKS)));
    const annexes = (await store.history.story('default', uid))?.item.annexes ?? [];
    expect(annexes.map(({ id }) => id)).to.have.members(['plan.pdf', 'acte.pdf', 'acte-1.pdf', 'acte-2.pdf', 'acte-3.pdf']);
    expect(new Set(annexes.map((annex) => annex.uid)).size).to.equal(5);
    expect(annexes.slice(1).map(({ filename }) => filename)).to.deep.equal(['acte.pdf', 'acte.pdf', 'acte.pdf', 'acte.pdf']);
  });

  it('return steps are skipped when nothing was rejected; a skipped step lets the next one go on', async () => {
    const uid = await accept(step('s0', 0), step('s1', 1, { state: 'waiting' }), step('back', 2, { state: 'waiting', role: 'return' }));
    await finishNext(store, { state: 'skipped', reason: 'Not for letters.' });
    expect(await statesOf(store, uid)).to.deep.equal(['s0 skipped', 's1 ready', 'back waiting']);
    await finishNext(store, DONE);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 skipped', 's1 done', 'back skipped']);
  });

  it('parallel steps that end together both count', async () => {
    const deliveries = [step('a', 0), step('b', 1), step('both', 2, { state: 'waiting' })];
    const { uid } = await acceptDeliveries(store, {}, deliveries, { b: { after: [] }, both: { after: ['a', 'b'] } });
    const claimed = await store.deliveries.claim(claimBy('one', { limit: 5 }));
    await Promise.all(claimed.map(({ delivery }) => store.deliveries.finish(delivery, DONE, WORKS)));
    expect(await statesOf(store, uid)).to.deep.equal(['a done', 'b done', 'both ready']);
  });

  it('retries later, counting the attempt or not, and keeps the mark until absence is proved', async () => {
    const uid = await accept(step('s0', 0));
    const first = await claimOne(store);
    expect(await store.deliveries.markSent(first.delivery)).to.equal(true);
    const later = store.time.at + 500;
    expect(await store.deliveries.finish(first.delivery, { state: 'ready', dueAt: later, reason: 'no answer', countsAsAttempt: true, cleared: false }, UNAFFECTED)).to.deep.equal({ breaker: null });
    expect(await store.deliveries.claim(claimBy('one'))).to.deep.equal([]);
    const marked = store.time.at;
    store.time.at = later;
    const second = await finishNext(store, { state: 'ready', dueAt: later, reason: 'not there', countsAsAttempt: false, cleared: true });
    expect(second.delivery).to.include({ attempts: 1, markedAt: marked, epoch: 2, reason: 'no answer' });
    const third = await finishNext(store, PARKED);
    expect(third.delivery).to.include({ attempts: 1, markedAt: null, epoch: 3 });
    expect((await deliveriesOf(store, uid))[0]).to.include({ state: 'parked', reason: 'The title is too long.', fix: 'Shorten it.', attempts: 2 });
    expect(await eventsOf(store, uid)).to.deep.equal([
      'delivery.claimed', 'delivery.marked', 'delivery.ready', 'delivery.claimed', 'delivery.ready', 'delivery.claimed', 'delivery.parked',
    ]);
  });

  it('a lost lease changes nothing and is not an error; the mark survives it', async () => {
    const uid = await accept(step('s0', 0));
    const lost = await claimOne(store, 'one');
    await store.deliveries.markSent(lost.delivery);
    expect(await store.deliveries.reap()).to.equal(0);
    expect(await store.deliveries.extendLease(lost.delivery, 2 * LEASE)).to.equal(true);
    store.time.at += LEASE;
    expect(await store.deliveries.reap(), 'the lease was extended').to.equal(0);
    store.time.at += LEASE;
    expect(await store.deliveries.reap()).to.equal(1);
    const taken = await claimOne(store, 'two');
    expect(taken.delivery.markedAt).to.not.equal(null);
    const before = await store.history.story('default', uid);
    expect(await store.deliveries.markSent(lost.delivery)).to.equal(false);
    expect(await store.deliveries.extendLease(lost.delivery, LEASE)).to.equal(false);
    const broughtBack: BroughtBack = { fields: { a: 1 }, annexes: [sampleAnnex('late.pdf')], reviewState: { to: 'accepted', action: 'a', comment: '' } };
    const outcomes: DeliveryOutcome[] = [
      { state: 'done', remoteReference: 'R', broughtBack }, PARKED, { state: 'rejected', reason: 'r', broughtBack }, { state: 'skipped', reason: 'r' },
      { state: 'ready', dueAt: 0, reason: 'r', countsAsAttempt: true, cleared: true }, { state: 'pending', dueAt: 0, reason: null },
    ];
    for (const outcome of outcomes) expect(await store.deliveries.finish(lost.delivery, outcome, { verdict: 'misconfigured', reason: 'r' })).to.equal(false);
    expect(await store.deliveries.finish({ ...taken.delivery, leaseOwner: 'three' }, DONE, WORKS)).to.equal(false);
    expect(await store.history.story('default', uid)).to.deep.equal(before);
    expect((await store.operations.connectorStates('default'))[0]).to.include({ breaker: 'closed', failures: 0 });
    expect(await store.deliveries.finish(taken.delivery, DONE, WORKS)).to.deep.equal({ breaker: null });
    expect(await store.deliveries.finish(taken.delivery, DONE, WORKS), 'finished twice').to.equal(false);
  });

  it('a question whose lease expires is asked again; what was sent stays sent', async () => {
    const uid = await accept(step('s0', 0));
    await finishNext(store, { state: 'sent', remoteReference: 'R', receiptData: null, dueAt: store.time.at, broughtBack: NOTHING });
    const asked = await claimOne(store);
    store.time.at += LEASE;
    expect(await store.deliveries.reap()).to.equal(1);
    expect(await statesOf(store, uid)).to.deep.equal(['s0 sent']);
    expect(await store.deliveries.finish(asked.delivery, DONE, WORKS)).to.equal(false);
    expect((await claimOne(store)).delivery).to.include({ state: 'sent', epoch: 4 });
  });

  it('failures in a row open the breaker at the fifth; one that works begins anew', async () => {
    for (let n = 0; n < 20; n += 1) await accept(newDelivery(`d${n}`));
    const unreachable = { verdict: 'unreachable', reason: 'no route' } as const;
    const after = async (health: typeof unreachable | typeof WORKS) => {
      const { delivery } = await claimOne(store);
      const finished = await store.deliveries.finish(delivery, DONE, health);
      return finished === false ? 'lost' : finished.breaker;
    };
    const changes: unknown[] = [];
    for (const health of [unreachable, unreachable, WORKS, unreachable, unreachable, unreachable, unreachable, unreachable]) changes.push(await after(health));
    expect(changes).to.deep.equal([null, null, null, null, null, null, null, 'opened']);
    const [state] = await store.operations.connectorStates('default');
    expect(state).to.include({ connector: 'folder', breaker: 'open', reason: 'no route', openedAt: store.time.at });
    const noted = (await store.journal.entries('default', 1, 100)).filter(({ event }) => event.startsWith('breaker.'));
    expect(noted.map(({ event, item, data }) => [event, item, data])).to.deep.equal([['breaker.opened', '', { connector: 'folder', reason: 'no route' }]]);
  });

  it('items under way follow the definition that they began with', async () => {
    const before = await accept(step('s0', 0), step('old', 1, { state: 'waiting' }));
    const after = await accept(step('s0', 0, { id: 'n0' }), step('new', 1, { id: 'n1', state: 'waiting' }));
    const claimed = await store.deliveries.claim(claimBy('one', { limit: 2 }));
    expect(claimed.map(({ flow }) => flow.steps.map(({ id }) => id))).to.deep.equal([['s0', 'old'], ['s0', 'new']]);
    for (const { delivery } of claimed) await store.deliveries.finish(delivery, DONE, WORKS);
    expect([...await statesOf(store, before), ...await statesOf(store, after)]).to.deep.equal(['s0 done', 'old ready', 's0 done', 'new ready']);
    const versions = await store.door.read((manager) => manager.query<unknown[]>('SELECT version FROM flow_version'));
    expect(versions).to.have.length(2);
  });

  it('the journal of deliveries keeps the chain whole, an authority at a time', async () => {
    for (const authority of ['a', 'b']) await acceptDeliveries(store, { authority }, [newDelivery(`${authority}1`)]);
    for (const { delivery } of await store.deliveries.claim(claimBy('one', { limit: 5 }))) await store.deliveries.finish(delivery, DONE, WORKS);
    for (const authority of ['a', 'b']) expect(await store.verifyJournal(authority)).to.include({ entries: 2, brokenAt: null });
    expect(await store.deliveries.nextDueAt(() => UNLIMITED)).to.equal(null);
  });
});
