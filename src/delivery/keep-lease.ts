import type { Delivery } from '../domain/delivery.js';
import type { Logger } from '../platform/logger.js';
import type { DeliveryStore } from './store.js';
import type { Timer } from './timer.js';

/** Renews the lease of a running delivery at a third of its length until the returned function is called. Calls `lost`
 * once when another node has it. A renewal that fails is tried again at the next turn: every write is guarded anyway. */
export function keepLease(delivery: Delivery, leaseMs: number, parts: { store: Pick<DeliveryStore, 'extendLease'>; timer: Timer; logger: Logger }, lost: () => void): () => void {
  let over = false;
  let cancel = arm();

  function arm(): () => void {
    return parts.timer.after(leaseMs / 3, () => void renew());
  }

  async function renew(): Promise<void> {
    try {
      if (!await parts.store.extendLease(delivery, leaseMs)) {
        if (!over) lost();
        return;
      }
    } catch (error) {
      parts.logger.warn('The lease of a delivery could not be renewed', { delivery: delivery.id, error });
    }
    if (!over) cancel = arm();
  }

  return () => {
    over = true;
    cancel();
  };
}
