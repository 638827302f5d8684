import type { Delivery } from '../domain/delivery.js';
import type { Logger } from '../platform/logger.js';
import type { DeliveryStore } from './store.js';
import type { Timer } from './timer.js';

/** Why an attempt must end: another node has its delivery, or may have it soon, because no renewal went through. */
export type LeaseEnd = 'taken' | 'not-renewed';

/** Where no renewal goes through, an attempt ends after this part of its lease: what is left is for the connector to stop in.
 * It also ends what a process was about to do when it was frozen. */
const SURE = 5 / 6;

/** Renews the lease of a running delivery at a third of its length until the returned function is called. Calls `ended` once
 * when the delivery is not surely ours any more. A renewal that fails is tried again at the next turn. */
export function keepLease(delivery: Delivery, leaseMs: number, parts: { store: Pick<DeliveryStore, 'extendLease'>; timer: Timer; logger: Logger }, ended: (why: LeaseEnd) => void): () => void {
  let over = false;
  let cancelRenewal = armRenewal();
  let cancelEnd = armEnd(leaseMs * SURE);

  function armRenewal(): () => void {
    return parts.timer.after(leaseMs / 3, () => void renew());
  }

  function armEnd(ms: number): () => void {
    return parts.timer.after(ms, () => end('not-renewed'));
  }

  async function renew(): Promise<void> {
    // Counted from here, not from the answer: the lease is not shorter than that.
    const sureFor = parts.timer.after(leaseMs * SURE, () => end('not-renewed'));
    try {
      if (!await parts.store.extendLease(delivery, leaseMs)) {
        sureFor();
        end('taken');
        return;
      }
      cancelEnd();
      cancelEnd = sureFor;
    } catch (error) {
      sureFor();
      parts.logger.warn('The lease of a delivery could not be renewed', { delivery: delivery.id, error });
    }
    if (over) stop();
    else cancelRenewal = armRenewal();
  }

  function end(why: LeaseEnd): void {
    if (over) return;
    stop();
    ended(why);
  }

  function stop(): void {
    over = true;
    cancelRenewal();
    cancelEnd();
  }

  return stop;
}
