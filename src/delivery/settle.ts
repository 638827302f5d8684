import type { Results } from '../connector-api/connector.js';
import type { Delivery } from '../domain/delivery.js';
import type { Item } from '../domain/item.js';
import { conclude, type AttemptParts } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { bringBack, type Ending } from './bring-back.js';
import { healthOf } from './health-of.js';
import { hideSecrets, type Hide } from './hide-secrets.js';
import type { Held } from './hold.js';
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

export interface SettleParts extends AttemptParts {
  readonly store: DeliveryStore;
  readonly newId: () => string;
  /** In [0, 1). */
  readonly random: () => number;
  /** For what connectors and the other side say. */
  readonly hide: Hide;
  /** For metrics and notices. It must not throw. */
  readonly onOutcome: (delivered: Delivered) => void;
}

/** `now`, epoch milliseconds, and a number in [0, 1) by which the next try is put off. */
export interface Moment {
  readonly now: number;
  readonly chance: number;
}

export interface Settling {
  /** When the attempt began, epoch milliseconds. */
  readonly began: number;
  /** Of several that one call decided; its own if not given. */
  readonly moment?: Moment;
  /** False: what it says of the connector is counted with another one. True if not given. */
  readonly counts?: boolean;
}

/** Ends an attempt: the lease is no longer renewed, and what it came to is written down. Never rejects. */
export type Settle = (held: Held, result: AttemptResult, settling: Settling) => Promise<void>;

/** The store may be away for a moment: the outcome is written again after these delays, milliseconds. Together they stay
 * within what a lease has left when its renewal ends. */
const WRITE_AGAIN_MS = [250, 500, 1_000, 2_000, 4_000, 8_000];

const UNAFFECTED: ConnectorHealth = { verdict: 'unaffected' };

/** Returns the function that ends attempts. `stop` aborts when the engine gives up what still runs. */
export function createSettle(parts: SettleParts, stop: AbortSignal): Settle {
  const { store, clock, logger } = parts;

  return async function settle(held, result, { began, moment, counts = true }) {
    const { claimed, claimed: { delivery, item } } = held;
    held.release();
    try {
      const concluded = await conclude(held, result, parts);
      const now = clock.now();
      const finished = concluded === 'lease-lost' ? false : await finish(claimed, outcomeOf(concluded, claimed, moment ?? { now, chance: parts.random() }, counts));
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

  function outcomeOf(result: AttemptResult, claimed: ClaimedDelivery, moment: Moment, counts: boolean): Pick<Delivered, 'outcome' | 'health'> {
    return hideSecrets(nextState(result, claimed, situationOf(claimed, moment)), counts ? healthOf(result, claimed.canary) : UNAFFECTED, parts.hide);
  }

  async function finish({ delivery }: ClaimedDelivery, { outcome, health }: Pick<Delivered, 'outcome' | 'health'>): Promise<Pick<Delivered, 'outcome' | 'health' | 'breaker'> | false> {
    for (const delayMs of WRITE_AGAIN_MS) {
      try {
        return written(await store.finish(delivery, outcome, health));
      } catch (error) {
        if (stop.aborted) throw error;
        logger.debug('The outcome of a delivery could not be stored yet', { delivery: delivery.id, error });
        await pause(delayMs);
      }
    }
    return written(await store.finish(delivery, outcome, health));

    function written(finished: Finished | false): Pick<Delivered, 'outcome' | 'health' | 'breaker'> | false {
      return finished === false ? false : { outcome, health, breaker: finished.breaker };
    }
  }

  /** Ends early when the engine gives up what still runs. */
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => { cancel(); stop.removeEventListener('abort', end); resolve(); };
      const cancel = parts.timer.after(ms, end);
      stop.addEventListener('abort', end);
    });
  }

  function situationOf(claimed: ClaimedDelivery, { now, chance }: Moment): Situation {
    const authority = parts.authority(claimed.item.authority);
    return {
      now, random: () => chance,
      bringBack: (results: Results | undefined, ending: Ending) => bringBack(results, ending, claimed, {
        meetingConfig: authority?.meetingConfigs.find(({ id }) => id === claimed.item.configId),
        decides: parts.connectors.get(authority?.connectors.find(({ id }) => id === claimed.delivery.connector)?.type ?? '')?.deliberation !== undefined,
        newId: parts.newId,
      }),
    };
  }
}
