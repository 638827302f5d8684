import type { Results } from '../connector-api/connector.js';
import type { Delivery } from '../domain/delivery.js';
import type { Item } from '../domain/item.js';
import { carryOut, type AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { bringBack, type Ending } from './bring-back.js';
import { healthOf } from './health-of.js';
import { hideSecrets, type Hide } from './hide-secrets.js';
import { logOutcome } from './log-outcome.js';
import { nextState, type Situation } from './next-state.js';
import type { ClaimedDelivery, ConnectorHealth, DeliveryOutcome, DeliveryStore, Finished } from './store.js';

/** What one attempt came to, once it is on disk. */
export interface Delivered {
  /** As it was claimed. */
  readonly delivery: Delivery;
  readonly item: Item;
  readonly outcome: DeliveryOutcome;
  readonly health: ConnectorHealth;
  readonly breaker: Finished['breaker'];
  /** That the attempt took. */
  readonly seconds: number;
}

export interface DeliverParts extends AttemptParts {
  readonly store: DeliveryStore;
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
  /** For what connectors and the other side say. */
  readonly hide: Hide;
  /** For metrics and notices. It must not throw. */
  readonly onOutcome: (delivered: Delivered) => void;
}

/** The store may be away for a moment: the outcome is written again after these delays, milliseconds. Together they stay
 * within what a lease has left when its renewal ends. */
const WRITE_AGAIN_MS = [250, 500, 1_000, 2_000, 4_000, 8_000];

/** Returns the function that takes one claimed delivery through an attempt to its next state on disk. It never rejects. */
export function createDeliver(parts: DeliverParts): (claimed: ClaimedDelivery, stop: AbortSignal) => Promise<void> {
  const { store, clock, logger } = parts;

  return async function deliver(claimed, stop) {
    const { delivery, item } = claimed;
    try {
      const began = clock.now();
      const result = await carryOut(claimed, parts, stop);
      const now = clock.now();
      const finished = result === 'lease-lost' ? false : await finish(claimed, resultOf(result, claimed, now), stop);
      if (finished === false) {
        logger.info('A delivery was taken over by another node', { delivery: delivery.id });
        return;
      }
      // A clock that was put back in between makes no negative figure.
      const delivered: Delivered = { delivery, item, ...finished, seconds: Math.max(0, now - began) / 1000 };
      logOutcome(logger, delivered);
      parts.onOutcome(delivered);
    } catch (error) {
      // Its lease runs out and the reaper brings it back; if it was marked it is then probed.
      logger.warn('The outcome of a delivery could not be stored', { delivery: delivery.id, error });
    }
  };

  function resultOf(result: AttemptResult, claimed: ClaimedDelivery, now: number): Pick<Delivered, 'outcome' | 'health'> {
    return hideSecrets(nextState(result, claimed, situationOf(claimed, now)), healthOf(result, claimed.canary), parts.hide);
  }

  async function finish({ delivery }: ClaimedDelivery, { outcome, health }: Pick<Delivered, 'outcome' | 'health'>, stop: AbortSignal): Promise<Pick<Delivered, 'outcome' | 'health' | 'breaker'> | false> {
    for (const delayMs of WRITE_AGAIN_MS) {
      try {
        return written(await store.finish(delivery, outcome, health));
      } catch (error) {
        if (stop.aborted) throw error;
        logger.debug('The outcome of a delivery could not be stored yet', { delivery: delivery.id, error });
        await pause(delayMs, stop);
      }
    }
    return written(await store.finish(delivery, outcome, health));

    function written(finished: Finished | false): Pick<Delivered, 'outcome' | 'health' | 'breaker'> | false {
      return finished === false ? false : { outcome, health, breaker: finished.breaker };
    }
  }

  /** Ends early when the engine gives up what still runs. */
  function pause(ms: number, stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => { cancel(); stop.removeEventListener('abort', end); resolve(); };
      const cancel = parts.timer.after(ms, end);
      stop.addEventListener('abort', end);
    });
  }

  function situationOf(claimed: ClaimedDelivery, now: number): Situation {
    return {
      now, random: parts.random,
      bringBack: (results: Results | undefined, ending: Ending) => bringBack(results, ending, claimed, {
        meetingConfig: parts.authority(claimed.item.authority)?.meetingConfigs.find(({ id }) => id === claimed.item.configId),
        newId: parts.newId,
      }),
    };
  }
}
