import type { Logger } from '../platform/logger.js';
import { carryOut, type AttemptParts } from './attempt.js';
import { createMisconfiguredStreaks } from './misconfigured-streaks.js';
import { nextState } from './next-state.js';
import type { ClaimedDelivery, DeliveryOutcome, DeliveryStore } from './store.js';

export interface DeliverParts extends AttemptParts {
  readonly store: DeliveryStore;
  /** Awaited before each attempt. */
  readonly giveWay: () => Promise<void>;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Returns the function that takes one claimed delivery through an attempt to its next state on disk. It never rejects. */
export function createDeliver(parts: DeliverParts): (claimed: ClaimedDelivery, stop: AbortSignal) => Promise<void> {
  const streaks = createMisconfiguredStreaks();

  return async function deliver(claimed, stop) {
    const { delivery } = claimed;
    try {
      await parts.giveWay();
      const outcome = await decide(claimed, stop);
      if (outcome !== 'lease-lost' && await parts.store.finish(delivery, outcome)) logOutcome(parts.logger, claimed, outcome);
      else parts.logger.info('A delivery was taken over by another node', { delivery: delivery.id });
    } catch (error) {
      // Its lease runs out and the reaper brings it back; if it was marked it is then probed.
      parts.logger.warn('The outcome of a delivery could not be stored', { delivery: delivery.id, error });
    }
  };

  async function decide(claimed: ClaimedDelivery, stop: AbortSignal): Promise<DeliveryOutcome | 'lease-lost'> {
    const { delivery } = claimed;
    const result = await carryOut(claimed, parts, stop);
    if (result === 'lease-lost') return result;
    const now = parts.clock.now();
    const connector = `${delivery.authority}/${delivery.connector}`;
    if (result.came === 'receipt') streaks.end(connector);
    if (result.came !== 'failure' || result.failure.kind !== 'misconfigured') return nextState(result, delivery, { now, random: parts.random, misconfigured: 0 });
    const outcome = nextState(result, delivery, { now, random: parts.random, misconfigured: streaks.extend(connector, now) });
    if (outcome.state === 'ready') streaks.until(connector, outcome.dueAt);
    return outcome;
  }
}

function logOutcome(logger: Logger, { delivery, item }: ClaimedDelivery, outcome: DeliveryOutcome): void {
  const fields = { authority: delivery.authority, item: item.uid, delivery: delivery.id, connector: delivery.connector };
  if (outcome.state === 'parked') logger.error('A delivery needs someone', { ...fields, reason: outcome.reason });
  else if (outcome.state === 'ready') logger.warn('A delivery is tried again later', { ...fields, reason: outcome.reason, dueAt: new Date(outcome.dueAt).toISOString() });
  else logger.info('Delivered', { ...fields, state: outcome.state, reference: outcome.remoteReference });
}
