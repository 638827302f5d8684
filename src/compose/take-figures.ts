import type { Store } from '../persistence/open-store.js';
import type { Clock } from '../platform/clock.js';
import type { StoreFigures } from '../platform/store-figures.js';

/** Looks at everything that the metrics show of the store, through indexes that hold only what is not over. */
export async function takeFigures({ operations, journal, incidents }: Pick<Store, 'operations' | 'journal' | 'incidents'>, clock: Clock): Promise<StoreFigures> {
  const authorities = await journal.authorities();
  const [counts, states, open, lags] = await Promise.all([
    operations.counts(null), operations.connectorStates(null), incidents.counts(),
    Promise.all(authorities.map(async (authority) => ({ authority, lag: await journal.lag(authority) }))),
  ]);
  const now = clock.now();
  /** Of a clock that was put back, no negative age. */
  const secondsSince = (at: number | null): number => (at === null ? 0 : Math.max(0, now - at) / 1000);
  return {
    deliveries: counts.map(({ oldest, ...count }) => ({ ...count, oldestSeconds: secondsSince(oldest) })),
    connectors: states.map(({ authority, connector, breaker, hold }) => ({ authority, connector, isOpen: breaker === 'open', isHeld: hold !== null })),
    journals: lags.map(({ authority, lag }) => ({
      authority, unsealed: lag.unsealed, unsealedSeconds: secondsSince(lag.oldestUnsealed), unstamped: lag.unstamped, unstampedSeconds: secondsSince(lag.oldestUnstamped),
    })),
    incidents: open,
  };
}
