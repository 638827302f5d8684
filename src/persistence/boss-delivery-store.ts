import type { DeliveryStore } from '../delivery/store.js';
import type { Clock } from '../platform/clock.js';
import type { DeliveryPermits } from './delivery-permits.js';

/** Looks into the ledger without a permit at least this often: a lost permit delays a delivery by no more. */
const LOOK_MS = 2000;
/** How often to ask for permits while there is nothing to do: so long a delivery waits that another process made due. */
const POLL_MS = 500;

/** The ledger, claimed from only with permits, so that many processes do not all look for the same work. Whoever ends a
 * delivery may claim another one: that way a backlog drains and a connector at its limits goes on without any permit. */
export function createBossDeliveryStore(ledger: DeliveryStore, permits: Pick<DeliveryPermits, 'take' | 'giveBack'>, clock: Clock): DeliveryStore {
  let ended = 0;
  let nextLook = 0;

  return {
    ...ledger,
    async claim(request) {
      const looks = clock.now() >= nextLook;
      const taken = await permits.take(request.limit);
      const limit = looks ? request.limit : Math.min(request.limit, ended + taken.length);
      if (limit === 0) return [];
      ended = 0;
      const claimed = await ledger.claim({ ...request, limit });
      // a full hand: there may be more
      if (looks) nextLook = claimed.length === limit ? 0 : clock.now() + LOOK_MS;
      await permits.giveBack(taken);
      return claimed;
    },
    async finish(delivery, outcome, health) {
      const finished = await ledger.finish(delivery, outcome, health);
      ended += 1;
      return finished;
    },
    nextDueAt: () => Promise.resolve(clock.now() + POLL_MS),
  };
}
