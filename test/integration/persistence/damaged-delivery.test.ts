import { expect } from 'chai';
import { eachEngine } from '../../support/each-engine.js';
import { claimOne, deliveriesOf, DONE, eventsOf, finishNext, statesOf, WORKS } from '../../support/ledger-story.js';
import { acceptDeliveries, claimBy, newDelivery } from '../../support/temp-store.js';
import type { TempStore } from '../../support/temp-store.js';

eachEngine('a delivery of which something is damaged in the store', (open) => {
  let store: TempStore;
  beforeEach(async () => { store = await open(); });
  afterEach(async () => { await store.close(); });

  const run = (sql: string, ...values: string[]) => store.door.write((manager) => manager.query(sql, values));
  const claimAll = async () => (await store.deliveries.claim(claimBy('one', { limit: 9 }))).map(({ delivery }) => delivery.id);

  const damages: [what: string, spoil: () => Promise<unknown>, truth: string][] = [
    ['its flow version is gone', () => run('DELETE FROM flow_version WHERE flow = ?', 'lost'), 'its flow definition is missing from the store'],
    ['its flow version cannot be read', () => run('UPDATE flow_version SET definition = ? WHERE flow = ?', '{"steps": [', 'lost'), 'a part of it cannot be read'],
    ['its flow version has no such step', () => run('UPDATE delivery SET step = ? WHERE id = ?', 'other', 'bad'), 'has no step «other»'],
  ];
  for (const [what, spoil, truth] of damages) {
    it(`is parked alone with the truth when ${what}`, async () => {
      await acceptDeliveries(store, {}, [newDelivery('first')]);
      const { uid } = await acceptDeliveries(store, {}, [newDelivery('bad', { flow: 'lost' })]);
      await acceptDeliveries(store, {}, [newDelivery('last')]);
      await spoil();
      expect(await claimAll()).to.deep.equal(['first', 'last']);
      const [bad] = await deliveriesOf(store, uid);
      expect(bad).to.include({ state: 'parked', leaseOwner: null, leaseUntil: null, attempts: 0 });
      expect(bad?.reason).to.include(truth);
      expect(bad?.fix).to.include('relais deliveries retry bad').and.to.match(/relais deliveries cancel bad$/);
      expect(await eventsOf(store, uid)).to.deep.equal(['delivery.parked']);
      expect(await claimAll()).to.deep.equal([]);
      expect(await store.operations.cancel('default', { ids: ['bad'] }, 'anne', 'Given up.')).to.equal(1);
      expect((await deliveriesOf(store, uid))[0]?.state).to.equal('cancelled');
      expect(await store.verifyJournal('default')).to.include({ brokenAt: null });
    });
  }

  it('goes on when what is missing is back', async () => {
    const { uid } = await acceptDeliveries(store, {}, [newDelivery('bad', { flow: 'lost' })]);
    const [kept] = await store.door.read((manager) => manager.query<{ authority: string; version: string; definition: string }[]>('SELECT * FROM flow_version'));
    await run('DELETE FROM flow_version');
    expect(await claimAll()).to.deep.equal([]);
    await run('INSERT INTO flow_version (authority, flow, version, definition) VALUES (?, ?, ?, ?)', kept!.authority, 'lost', kept!.version, kept!.definition);
    expect(await store.operations.retry('default', { state: ['parked'] }, 'anne')).to.equal(1);
    await finishNext(store, DONE);
    expect(await statesOf(store, uid)).to.deep.equal(['step-0 done']);
  });

  it('parks what waits for its turn, which nobody can tell any more', async () => {
    const { uid } = await acceptDeliveries(store, {}, [newDelivery('s0', { step: 's0', flow: 'lost' }), newDelivery('s1', { step: 's1', position: 1, flow: 'lost', state: 'waiting' })]);
    const { delivery } = await claimOne(store);
    // the version that was claimed with is remembered, so it is another one that is asked for
    await run('UPDATE delivery SET flow_version = ?', 'gone');
    expect(await store.deliveries.finish(delivery, DONE, WORKS)).to.deep.equal({ breaker: null });
    expect(await statesOf(store, uid)).to.deep.equal(['s0 done', 's1 parked']);
    expect((await deliveriesOf(store, uid))[1]?.reason).to.include('its flow definition is missing from the store');
  });
});
