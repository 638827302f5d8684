import { expect } from 'chai';
import { eachEngine } from '../../support/each-engine.js';
import { claimOne, statesOf } from '../../support/ledger-story.js';
import { acceptDeliveries, newDelivery } from '../../support/temp-store.js';

eachEngine('a lease that is over', (open) => {
  it('gives no mark, even before another process has taken the delivery', async () => {
    const store = await open();
    try {
      const { uid } = await acceptDeliveries(store, {}, [newDelivery('s0', { step: 's0', position: 0 })]);
      const { delivery } = await claimOne(store);
      store.time.at = (delivery.leaseUntil ?? 0) - 1;
      expect(await store.deliveries.markSent(delivery)).to.equal(true);
      store.time.at += 1;
      expect(await store.deliveries.markSent(delivery)).to.equal(false);
      expect(await store.deliveries.reap()).to.equal(1);
      expect(await statesOf(store, uid)).to.deep.equal(['s0 ready']);
    } finally {
      await store.close();
    }
  });
});
