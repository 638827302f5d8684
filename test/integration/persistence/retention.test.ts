import { expect } from 'chai';
import type { RetentionRule } from '../../../src/domain/authority.js';
import { eachEngine } from '../../support/each-engine.js';
import { DONE, finishNext, NOTHING, PARKED } from '../../support/ledger-story.js';
import { sampleAnnex } from '../../support/sample-item.js';
import { acceptDeliveries, acceptItems, gather, newDelivery } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const DAY_MS = 24 * 3_600_000;

eachEngine('retention', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const due = async (change: Partial<RetentionRule> = {}, page: { limit: number; afterUid?: string } = { limit: 10 }) =>
    (await store.retention.due('default', { kind: [], state: [], days: 30, ...change }, store.time.at, page)).map(({ uid }) => uid);

  it('lets go what was not changed for so many days and whose deliveries are all over', async () => {
    const [old] = await acceptItems(store, { createdAt: store.time.at, modifiedAt: store.time.at, kind: 'letter', reviewState: 'accepted' });
    const delivered = await acceptDeliveries(store, {}, [newDelivery('a')]);
    await finishNext(store, DONE);
    await acceptDeliveries(store, {}, [newDelivery('b')]);
    await finishNext(store, PARKED);
    const late = await acceptDeliveries(store, {}, [newDelivery('c')]);
    store.time.at += 10 * DAY_MS;
    await finishNext(store, DONE);
    await acceptItems(store, { authority: 'elsewhere', createdAt: 0, modifiedAt: 0 });
    store.time.at += 20 * DAY_MS - 1;
    expect(await due()).to.deep.equal([]);
    store.time.at += 1;
    expect(await due()).to.deep.equal([old!.uid, delivered.uid]);
    expect(await due({}, { limit: 1 })).to.deep.equal([old!.uid]);
    expect(await due({}, { limit: 1, afterUid: old!.uid })).to.deep.equal([delivered.uid]);
    expect(await due({ kind: ['letter', 'permit'] })).to.deep.equal([old!.uid]);
    expect(await due({ state: ['itemcreated'] })).to.deep.equal([delivered.uid]);
    store.time.at += 10 * DAY_MS;
    expect(await due()).to.deep.equal([old!.uid, delivered.uid, late.uid]);
  });

  it('takes the texts, what partners gave back and the claim on the bytes; names, hashes and the journal stay', async () => {
    const annexes = [sampleAnnex('plan.pdf', { sha256: 'aa', size: 7 }), sampleAnnex('shared.pdf', { sha256: 'bb', size: 5 })];
    const { uid } = await acceptDeliveries(store, { title: 'Voirie', description: '<p>Texte</p>', decision: '<p>Oui</p>', extra: { motivation: 'Motif' }, annexes }, [newDelivery('a')]);
    await finishNext(store, { state: 'done', remoteReference: 'R', broughtBack: { ...NOTHING, fields: { citizen: 'Jeanne' } } });
    await acceptItems(store, { annexes: [sampleAnnex('other.pdf', { sha256: 'bb', size: 5 })] });
    expect(await store.retention.purge('elsewhere', uid, 'retention')).to.equal(false);
    expect(await store.retention.purge('default', uid, 'retention')).to.deep.equal({ annexes: 2, bytes: 12 });
    const story = (await store.history.story('default', uid))!;
    expect(story.item).to.deep.include({ title: 'Voirie', description: '', decision: '', extra: {}, annexes });
    expect(story.deliveries[0]).to.include({ remoteReference: 'R', state: 'done' });
    expect(story.journal.at(-1)).to.deep.include({
      event: 'item.purged', actor: 'retention', data: { annexes: [{ filename: 'plan.pdf', size: 7, sha256: 'aa' }, { filename: 'shared.pdf', size: 5, sha256: 'bb' }] },
    });
    expect(JSON.stringify(await store.door.read((manager) => manager.query('SELECT results FROM delivery')))).to.not.contain('Jeanne');
    expect(await store.blobReferences.isReferenced('default', 'aa')).to.equal(false);
    expect(await store.blobReferences.isReferenced('default', 'bb'), 'another item has the same bytes').to.equal(true);
    expect(await gather(store.history.search('default', { text: [{ field: 'everything', query: { type: 'word', text: 'texte' } }] }, 'everything'))).to.deep.equal([]);
    expect(await store.retention.purge('default', uid, 'retention'), 'only once').to.equal(false);
    store.time.at += 400 * DAY_MS;
    expect(await due()).to.not.include(uid);
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
  });

  it('leaves nothing that could be sent again as if it were all', async () => {
    const { uid } = await acceptDeliveries(store, { description: '<p>Texte</p>' }, [newDelivery('a')]);
    await finishNext(store, DONE);
    await store.retention.purge('default', uid, 'retention');
    expect(await store.operations.resend('default', { ids: ['a'] }, 'anne', () => 'again')).to.equal(0);
    expect(await store.operations.count('default', {})).to.equal(1);
  });

  it('leaves alone what is still under way', async () => {
    const { uid } = await acceptDeliveries(store, { description: 'kept' }, [newDelivery('a')]);
    expect(await store.retention.purge('default', uid, 'retention')).to.equal(false);
    expect((await store.history.story('default', uid))?.item.description).to.equal('kept');
  });
});
