import { expect } from 'chai';
import type { Item } from '../../../src/domain/item.js';
import type { KnownLink } from '../../../src/facade/store.js';
import type { DeliveryOutcome } from '../../../src/delivery/store.js';
import { NOTHING_BROUGHT_BACK } from '../../../src/delivery/store.js';
import { eachEngine } from '../../support/each-engine.js';
import { plansOf } from '../../support/query-plans.js';
import { acceptDeliveries, claimBy, gather, newDelivery, openTempStore, type TempStore } from '../../support/temp-store.js';

const FORWARD = { step: 'forward', connector: 'pm', operation: 'create-item' };
const SENT: DeliveryOutcome = { state: 'sent', remoteReference: 'pm-1', receiptData: null, dueAt: 0, broughtBack: NOTHING_BROUGHT_BACK };

/** Accepts an item that is forwarded, and lets its first attempt come to `outcome`. */
async function forwarded(store: TempStore, id: string, outcome: DeliveryOutcome, change: Partial<Item> = {}): Promise<string> {
  const { uid } = await acceptDeliveries(store, { externalIdentifier: 'GED-1', ...change }, [newDelivery(id, FORWARD)]);
  const [claim] = await store.deliveries.claim(claimBy('me'));
  await store.deliveries.finish(claim!.delivery, outcome, { verdict: 'works' });
  return uid;
}

eachEngine('links', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const only = async (uid: string) => (await store.links.ofItems('default', [uid])).get(uid);

  it('tells how an item stands over there, by our uid and by theirs', async () => {
    const uid = await forwarded(store, 'd1', SENT);
    const expected = { uid, connector: 'pm', upstream: 'pm-1', state: 'sent', since: store.time.at, reason: null, fix: null };
    expect(await only(uid)).to.deep.equal(expected);
    expect((await store.links.ofUpstream('default', 'pm', ['other', 'pm-1'])).get('pm-1')).to.deep.equal(expected);
    expect([...(await store.links.ofUpstream('default', 'other', ['pm-1'])).keys()], 'of another connector').to.deep.equal([]);
    expect([...(await store.links.ofUpstream('other-town', 'pm', ['pm-1'])).keys()], 'of another authority').to.deep.equal([]);
    expect([...(await store.links.ofItems('other-town', [uid])).keys()]).to.deep.equal([]);
  });

  it('tells why an item is not there yet, and what to do', async () => {
    const uid = await forwarded(store, 'd1', { state: 'parked', reason: 'No such category.', fix: 'Correct it.', countsAsAttempt: true, cleared: true });
    expect(await only(uid)).to.include({ upstream: null, state: 'parked', reason: 'No such category.', fix: 'Correct it.' });
    const { uid: other } = await acceptDeliveries(store, {}, [newDelivery('d2', { connector: 'out' })]);
    expect(await only(other), 'an item that is not forwarded').to.equal(undefined);
  });

  it('counts the newest of an item that was sent again', async () => {
    const uid = await forwarded(store, 'd1', { state: 'rejected', reason: 'Deleted.', broughtBack: NOTHING_BROUGHT_BACK });
    expect(await store.history.isLinked('default', 'GED-1', null), 'deleted over there: it links nothing').to.equal(false);
    expect(await store.operations.resend('default', { ids: ['d1'] }, 'operator', () => 'd2')).to.equal(1);
    expect(await only(uid)).to.include({ state: 'ready', upstream: null });
    expect(await store.history.isLinked('default', 'GED-1', null)).to.equal(true);
    const [claim] = await store.deliveries.claim(claimBy('me'));
    await store.deliveries.finish(claim!.delivery, { ...SENT, remoteReference: 'pm-2' }, { verdict: 'works' });
    expect(await only(uid)).to.include({ state: 'sent', upstream: 'pm-2' });
    expect([...(await store.links.ofUpstream('default', 'pm', ['pm-1', 'pm-2'])).keys()]).to.deep.equal(['pm-2']);
  });

  it('an item that an operator takes back is seen by nobody and links nothing', async () => {
    const uid = await forwarded(store, 'd1', { state: 'parked', reason: 'No.', fix: null, countsAsAttempt: true, cleared: true });
    expect(await gather(store.history.search('default', { uid }, 'everything'))).to.have.length(1);
    await store.operations.cancel('default', { ids: ['d1'] }, 'operator', 'by mistake');
    expect(await gather(store.history.search('default', { uid }, 'everything'))).to.deep.equal([]);
    expect(await gather(store.history.search('default', { text: [{ field: 'title', query: { type: 'word', text: 'point' } }] }, 'everything'))).to.deep.equal([]);
    for (const configId of [null, (await store.history.story('default', uid))!.item.configId]) expect(await store.history.isLinked('default', 'GED-1', configId)).to.equal(false);
    expect(await only(uid)).to.include({ state: 'cancelled', upstream: null, reason: 'by mistake' });
  });

  it('keeps what was asked of the system behind', async () => {
    const { uid } = await acceptDeliveries(store, { askedTransitions: ['proposeToDirector', 'validate'] }, []);
    expect((await store.history.story('default', uid))!.item.askedTransitions).to.deep.equal(['proposeToDirector', 'validate']);
    const { uid: other } = await acceptDeliveries(store, {}, []);
    expect((await store.history.story('default', other))!.item).to.not.have.property('askedTransitions');
  });

  it('imports 10,000 links twice: the second time changes nothing', async () => {
    const links = Array.from({ length: 10_000 }, (_, n): KnownLink => ({ externalIdentifier: `GED-${n}`, configId: 'college', connector: 'pm', upstream: n % 10 === 0 ? null : `uid-${n}` }));
    const began = performance.now();
    expect(await store.links.importLinks('default', links, 'operator')).to.deep.equal({ added: 10_000, known: 0 });
    expect(await store.links.importLinks('default', links.toReversed(), 'operator')).to.deep.equal({ added: 0, known: 10_000 });
    expect(performance.now() - began, 'milliseconds').to.be.below(10_000);
    expect(await store.links.countLinks('default')).to.deep.equal(new Map([['pm', 10_000]]));
    const entries = await store.journal.entries('default', 0, 10);
    expect(entries.map(({ event, actor, data }) => ({ event, actor, added: data['added'], known: data['known'] }))).to.deep.equal([{ event: 'links.imported', actor: 'operator', added: 10_000, known: 0 }]);
    expect(JSON.stringify(entries)).to.match(/"sha256":"[0-9a-f]{64}"/).and.to.not.contain('GED-1');
  });

  it('knows what was imported, of one config or of any', async () => {
    const link = { externalIdentifier: 'GED-1', configId: 'college', connector: 'pm', upstream: 'uid-1' };
    const links: KnownLink[] = [link, link, { ...link, upstream: 'uid-2' }, { ...link, configId: 'council', upstream: null }];
    expect(await store.links.importLinks('default', links, 'operator')).to.deep.equal({ added: 3, known: 1 });
    expect(await store.links.known('default', 'GED-1', 'college')).to.deep.equal([link, { ...link, upstream: 'uid-2' }]);
    expect(await store.links.known('default', 'GED-1', null)).to.have.length(3).and.to.deep.include({ ...link, configId: 'council', upstream: null });
    expect(await store.links.known('default', 'ged-1', null)).to.deep.equal([]);
    expect(await store.links.known('other-town', 'GED-1', null)).to.deep.equal([]);
    expect(await store.links.countLinks('other-town')).to.deep.equal(new Map());
  });
});

describe('what the store looks at for links', () => {
  it('an index each, and no table is read from end to end', async () => {
    const store = await openTempStore();
    try {
      const uid = await forwarded(store, 'd1', SENT);
      const lookups: Readonly<Record<string, () => Promise<unknown>>> = {
        delivery_item: () => store.links.ofItems('default', [uid, 'u']),
        delivery_reference: () => store.links.ofUpstream('default', 'pm', ['pm-1', 'u']),
        imported_link: () => store.links.known('default', 'GED-1', null),
        delivery_withdrawn: () => store.history.isLinked('default', 'GED-1', null),
      };
      for (const [index, work] of Object.entries(lookups)) {
        const plans = await plansOf(store, 'reader', work);
        expect(plans.join('\n')).to.contain(index);
        expect(plans.filter((step) => /^SCAN (?!CONSTANT)/.test(step)), index).to.deep.equal([]);
      }
    } finally {
      await store.close();
    }
  });
});
