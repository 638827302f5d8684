import { expect } from 'chai';
import type { TakenOnce } from '../../../src/intake/store.js';
import { openStore } from '../../../src/persistence/open-store.js';
import type { Store } from '../../../src/persistence/open-store.js';
import { versionOf } from '../../../src/routing/flow-version.js';
import { eachEngine } from '../../support/each-engine.js';
import { emptyDatabase } from '../../support/embedded-postgres.js';
import { plansOf } from '../../support/query-plans.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { acceptItems, claimBy, flowOf, gather, newDelivery, newItem, openTempStore, type TempStore } from '../../support/temp-store.js';

const NOTHING = { history: [], flow: null, deliveries: [], journal: [] };

/** Accepts an item without deliveries under these keys. */
function once(store: Store, item: ReturnType<typeof newItem>, keys: readonly string[], content = 'bytes', change: Partial<TakenOnce> = {}) {
  return store.intake.acceptOnce({ item, ...NOTHING }, { keys, content, ...change });
}

/** The same with one delivery, which is parked at once. */
async function onceParked(store: TempStore, keys: readonly string[]): Promise<string> {
  const item = newItem({ createdAt: store.time.at });
  const definition = flowOf([newDelivery('d')]);
  const version = versionOf(definition);
  const kept = await store.intake.acceptOnce({ item, history: [], journal: [], flow: { definition, version }, deliveries: [newDelivery(`d-${item.uid}`, { flowVersion: version })] }, { keys, content: 'bytes' });
  expect(kept).to.have.property('id');
  const [claimed] = await store.deliveries.claim(claimBy('one'));
  await store.deliveries.finish(claimed!.delivery, { state: 'parked', reason: 'wrong', fix: null, countsAsAttempt: true, cleared: false }, { verdict: 'unaffected' });
  return item.uid;
}

eachEngine('what is taken once', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const kept = () => gather(store.history.search('default', {}, 'everything'));

  it('is kept under all its keys, and what comes again under any of them is answered and not kept', async () => {
    const [first, again] = [newItem({ createdAt: 5 }), newItem()];
    expect(await once(store, first, ['sha256:a', 'pes:x'], 'a')).to.deep.equal({ id: first.baseId });
    const taken = [{ key: 'pes:x', uid: first.uid, content: 'a', at: 5 }];
    expect(await once(store, again, ['pes:x', 'sha256:b'], 'b')).to.deep.equal({ taken });
    expect(await store.intake.takenBefore('default', ['pes:x', 'sha256:b'])).to.deep.equal(taken);
    expect((await kept()).map(({ uid }) => uid)).to.deep.equal([first.uid]);
    // what was lost with the other key was not taken half
    expect(await once(store, again, ['sha256:b'], 'b')).to.have.property('id');
  });

  it('is once for each authority', async () => {
    await once(store, newItem(), ['k']);
    expect(await once(store, newItem({ authority: 'other' }), ['k'])).to.have.property('id');
  });

  it('an item that is refused by the database leaves its keys free', async () => {
    const [uid] = (await acceptItems(store, {})).map((item) => item.uid);
    const failed = await once(store, newItem({ uid: uid! }), ['k']).then(() => null, (error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await store.intake.takenBefore('default', ['k'])).to.deep.equal([]);
  });

  it('of many at once, one is kept', async () => {
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, n) => once(store, newItem(), ['same', `own-${n}`])));
    expect(outcomes.filter((outcome) => 'id' in outcome)).to.have.length(1);
    expect(await kept()).to.have.length(1);
  });

  it('stays taken while the item is parked, and is free once it was cancelled', async () => {
    const uid = await onceParked(store, ['k']);
    expect(await once(store, newItem(), ['k'])).to.have.nested.property('taken[0].uid', uid);
    await store.operations.cancel('default', { itemUid: uid }, 'marie', 'wrong file');
    const corrected = newItem();
    expect(await once(store, corrected, ['k'], 'corrected')).to.have.property('id');
    expect(await store.intake.takenBefore('default', ['k'])).to.have.nested.property('[0].content', 'corrected');
    expect(await once(store, newItem(), ['k'])).to.have.nested.property('taken[0].uid', corrected.uid);
  });

  it('is taken again once what was cancelled is sent again', async () => {
    const uid = await onceParked(store, ['k']);
    await store.operations.cancel('default', { itemUid: uid }, 'marie', 'by mistake');
    await store.operations.resend('default', { itemUid: uid }, 'marie', () => 'd-again');
    expect(await once(store, newItem(), ['k'])).to.have.nested.property('taken[0].uid', uid);
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    await store.deliveries.finish(claimed!.delivery, { state: 'done', remoteReference: 'r', broughtBack: { fields: {}, annexes: [], reviewState: null } }, { verdict: 'works' });
    expect(await once(store, newItem(), ['k'])).to.have.nested.property('taken[0].uid', uid);
  });

  it('what is taken for good stays taken, whatever becomes of the item', async () => {
    const uid = await onceParked(store, ['k']);
    await store.operations.cancel('default', { itemUid: uid }, 'marie', 'wrong file');
    expect(await once(store, newItem(), ['k'], 'c', { forGood: true })).to.have.nested.property('taken[0].uid', uid);
  });

  it('stays taken when the content of the item is removed', async () => {
    const item = newItem();
    await once(store, item, ['k']);
    expect(await store.retention.purge('default', item.uid, 'test')).to.not.equal(false);
    expect(await once(store, newItem(), ['k'])).to.have.nested.property('taken[0].uid', item.uid);
  });
});

describe('two nodes that take the same at once', () => {
  it('one keeps it, the other is told', async () => {
    const { url, giveBack } = await emptyDatabase();
    const clock = { now: () => Date.UTC(2027, 2, 1, 9) };
    const nodes: Store[] = [];
    for (let node = 0; node < 2; node += 1) nodes.push(await openStore({ engine: { kind: 'postgres', url, poolSize: 4, clock }, clock, logger: recordingLogger() }));
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, n) => once(nodes[n % 2]!, newItem(), [`a-${n % 10}`, `b-${9 - n % 10}`])));
    expect(outcomes.filter((outcome) => 'id' in outcome)).to.have.length(10);
    for (const outcome of outcomes) if ('taken' in outcome) expect(outcome.taken).to.not.be.empty;
    expect(await gather(nodes[0]!.history.search('default', {}, 'everything'))).to.have.length(10);
    for (const node of nodes) await node.close();
    await giveBack();
  });
});

describe('what SQLite looks at to take a key', () => {
  it('no table is read from end to end', async () => {
    const store = await openTempStore();
    await onceParked(store, ['k']);
    const plans = await plansOf(store, 'writer', async () => {
      expect(await once(store, newItem(), ['k'])).to.have.property('taken');
      expect(await once(store, newItem(), ['l'])).to.have.property('id');
    });
    // the write lock is asked for by a statement that changes no meeting
    expect(plans.filter((step) => step.startsWith('SCAN') && step !== 'SCAN meeting')).to.deep.equal([]);
    for (const index of ['item_uid', 'delivery_item']) expect(plans.join('\n')).to.contain(index);
    const asked = (await plansOf(store, 'reader', () => store.intake.takenBefore('default', ['k']))).join('\n');
    expect(asked).to.contain('USING PRIMARY KEY (authority=? AND key=?)');
    await store.close();
  });
});
