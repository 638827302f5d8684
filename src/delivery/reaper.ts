import type { Logger } from '../platform/logger.js';
import type { DeliveryStore } from './store.js';
import type { Timer } from './timer.js';

export interface ReaperParts {
  readonly store: Pick<DeliveryStore, 'reap'>;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly everyMs: number;
  /** Called after every round. */
  readonly reaped: () => void;
}

/** Gives deliveries whose lease expired (a crash, a stall) back to the ready ones, at start and then regularly. */
export function createReaper(parts: ReaperParts): { start(): void; stop(): void } {
  let stopped = false;
  let cancel: (() => void) | undefined;

  async function round(): Promise<void> {
    try {
      const recovered = await parts.store.reap();
      if (recovered > 0) parts.logger.info('Deliveries with an expired lease were recovered', { recovered });
    } catch (error) {
      parts.logger.warn('Expired leases could not be looked for', { error });
    }
    if (stopped) return;
    cancel = parts.timer.after(parts.everyMs, () => void round());
    parts.reaped();
  }

  return {
    start: () => void round(),
    stop() {
      stopped = true;
      cancel?.();
    },
  };
}
