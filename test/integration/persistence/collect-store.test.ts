import { expect } from 'chai';
import { NotSent } from '../../../src/connector-api/failures.js';
import type { Item } from '../../../src/domain/item.js';
import { createIntake } from '../../../src/intake/accept-item.js';
import { describeStory } from '../../../src/history/describe-story.js';
import { eachEngine } from '../../support/each-engine.js';
import { eventsOf, NOTHING, UNAFFECTED, WORKS } from '../../support/ledger-story.js';
import { collectOnce, collectParts, letter, otherSide, targetOf } from '../../support/other-side.js';
import { sampleAuthority } from '../../support/sample-authority.js';
import { plansOf } from '../../support/query-plans.js';
import { acceptDeliveries, claimBy, gather, newDelivery, openTempStore } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

const PLATFORM = { authority: 'default', connector: 'platform' };
const QUARTER = 900_000;

eachEngine('what waits on another side, in the store', (open) => {
  let store: TempStore;
  let ids: number;
  beforeEach(async () => { store = await open(); ids = 0; });
  afterEach(async () => { await store.close(); });

  const intake = () => createIntake({
    store: store.intake, routes: { ...sampleAuthority(), flows: [], connectors: [] }, clock: { now: () => store.time.at }, newId: () => `d${ids += 1}`, onAccepted: () => undefined,
  });
  const look = () => ({ ...store.collecting, takenBefore: store.intake.takenBefore.bind(store.intake) });
  const items = (): Promise<Item[]> => gather(store.history.search('default', {}, 'everything'));

  /** An act whose delivery ended long ago. */
  async function act(reference: string): Promise<string> {
    const { uid } = await acceptDeliveries(store, { title: 'Acte', extra: { notes: '<p>n</p>' } }, [newDelivery(`act-${reference}`, { connector: 'platform' })]);
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    await store.deliveries.finish(claimed!.delivery, { state: 'done', remoteReference: reference, broughtBack: NOTHING }, UNAFFECTED);
    return uid;
  }

  it('becomes an item, linked with the act that it is about, on both sides and in both stories', async () => {
    const uid = await act('T-12');
    const there = otherSide({ 'letter/7': letter('Demande de pièces', { about: 'T-12', description: 'Une pièce\nmanque', fields: { receivedOn: '2027-02-28', answerBefore: '2027-03-28' } }) });
    const { parts } = collectParts();
    const collected = await collectOnce(targetOf(there, intake()), parts, look());
    const [kept] = collected.found;
    expect(kept).to.include({ key: 'letter/7', became: 'kept', title: 'Demande de pièces' });
    const story = (await store.history.story('default', kept?.became === 'kept' ? kept.uid : ''))!;
    expect(story.item).to.deep.include({ kind: 'prefecture-letter', source: 'prefecture', description: '<p>Une pièce<br>manque</p>', extra: { receivedOn: '2027-02-28', answerBefore: '2027-03-28', manuallyLinkedItems: [uid] } });
    expect((await store.history.story('default', uid))!.item.extra).to.deep.equal({ notes: '<p>n</p>', manuallyLinkedItems: [story.item.uid] });
    expect(await eventsOf(store, story.item.uid)).to.deep.equal(['item.accepted', 'item.collected', 'item.linked']);
    expect((await eventsOf(store, uid)).at(-1)).to.equal('item.linked');
    const told = describeStory((await store.history.story('default', uid))!, { language: 'fr', now: store.time.at }).at(-1);
    expect(told).to.include(`lié à un autre point (${story.item.uid}), par relais`);
    expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
  });

  it('two letters about one act are both linked, one about nothing known stands by itself', async () => {
    const uid = await act('T-1');
    const there = otherSide({ a: letter('A', { about: 'T-1' }), b: letter('B', { about: 'T-1' }), c: letter('C', { about: 'T-2' }) });
    const { found } = await collectOnce(targetOf(there, intake()), collectParts().parts, look());
    const uids = found.map((one) => (one.became === 'kept' ? one.uid : ''));
    expect((await store.history.story('default', uid))!.item.extra['manuallyLinkedItems']).to.deep.equal(uids.slice(0, 2));
    expect((await store.history.story('default', uids[2]!))!.item.extra).to.deep.equal({});
  });

  it('is one item, wherever the look ended before, and is marked in the end', async () => {
    for (const [point, at] of [['fetch a', 'before'], ['fetch a', 'after'], ['kept a', 'before'], ['kept a', 'after']] as const) {
      const there = otherSide({ a: letter(`${point} ${at}`) });
      const key = `${point}${at}`;
      there.letters.set(key, there.letters.get('a')!);
      there.letters.delete('a');
      const failing = at === 'before' ? there.failures : there.failuresAfter;
      failing.set(point.replace(' a', ` ${key}`), new NotSent('the line broke'));
      const first = await collectOnce(targetOf(there, intake()), collectParts().parts, look());
      expect(first).to.deep.include({ stopped: null, found: [{ key, became: 'failed', reason: 'the line broke' }] });
      failing.clear();
      await collectOnce(targetOf(there, intake()), collectParts().parts, look());
      expect([...there.letters.keys()], `${point} ${at}: marked`).to.deep.equal([]);
      expect((await items()).filter(({ title }) => title === `${point} ${at}`), `${point} ${at}`).to.have.length(1);
    }
  });

  it('of two processes that fetch it at once, one keeps it and both mark it', async () => {
    const there = otherSide({ a: letter('A'), b: letter('B') });
    const outcomes = await Promise.all([1, 2].map(() => collectOnce(targetOf(there, intake()), collectParts().parts, look())));
    expect(outcomes.flatMap(({ found }) => found).filter(({ became }) => became === 'kept')).to.have.length(2);
    expect(await items()).to.have.length(2);
    expect([...there.letters.keys()]).to.deep.equal([]);
  });

  it('one process has the turn, until the next one comes', async () => {
    expect(await store.collecting.begin(PLATFORM, QUARTER, false)).to.equal('begun');
    expect(await store.collecting.begin(PLATFORM, QUARTER, false)).to.deep.equal({ waitMs: QUARTER });
    expect(await store.collecting.begin(PLATFORM, QUARTER, true), 'hurried').to.equal('begun');
    store.time.at += QUARTER;
    expect(await store.collecting.begin(PLATFORM, QUARTER, false)).to.equal('begun');
    expect(await store.collecting.end(PLATFORM, { verdict: 'unaffected' }, 60_000)).to.deep.equal({ breaker: null });
    expect(await store.collecting.begin(PLATFORM, QUARTER, false)).to.deep.equal({ waitMs: 60_000 });
  });

  it('none begins while an operator holds the connector, or its breaker is open but for its next try', async () => {
    await store.operations.hold('default', 'platform', 'marie', 'maintenance');
    expect(await store.collecting.begin(PLATFORM, QUARTER, true)).to.deep.equal({ waitMs: null });
    await store.operations.release('default', 'platform', 'marie');
    expect(await store.collecting.end(PLATFORM, { verdict: 'misconfigured', reason: 'The certificate has expired.' }, null)).to.deep.equal({ breaker: 'opened' });
    const [state] = await store.operations.connectorStates('default');
    expect(state).to.include({ breaker: 'open', reason: 'The certificate has expired.' });
    expect(await store.collecting.begin(PLATFORM, QUARTER, true)).to.deep.equal({ waitMs: state!.canaryAt! - store.time.at });
    store.time.at = state!.canaryAt!;
    expect(await store.collecting.begin(PLATFORM, QUARTER, false)).to.equal('begun');
    expect(await store.collecting.end(PLATFORM, WORKS, null)).to.deep.equal({ breaker: 'closed' });
  });

  it('the delivery that it is about is the last that has the reference, of this connector alone', async () => {
    const uid = await act('T-1');
    const again = await act('T-1');
    expect(await store.collecting.itemOf(PLATFORM, 'T-1')).to.equal(again).and.to.not.equal(uid);
    expect(await store.collecting.itemOf({ ...PLATFORM, connector: 'other' }, 'T-1')).to.equal(null);
    expect(await store.collecting.itemOf({ ...PLATFORM, authority: 'other' }, 'T-1')).to.equal(null);
  });
});

describe('what SQLite looks at to find what a letter is about', () => {
  it('the index of references', async () => {
    const store = await openTempStore();
    await acceptDeliveries(store, {}, [newDelivery('d', { connector: 'platform' })]);
    await store.collecting.itemOf(PLATFORM, 'T-1');
    expect((await plansOf(store, 'reader', () => store.collecting.itemOf(PLATFORM, 'T-1'))).join()).to.contain('delivery_reference (lane=? AND remote_reference=?)');
    const asked = await plansOf(store, 'writer', () => store.operations.askByReference('default', 'platform', ['T-1']));
    expect(asked.join()).to.contain('delivery_reference (lane=? AND remote_reference=?)');
    await store.close();
  });
});
