import { keepLease } from './keep-lease.js';
import type { Logger } from '../platform/logger.js';
import type { ClaimedDelivery, DeliveryStore } from './store.js';
import type { Timer } from './timer.js';

export interface HoldParts {
  readonly store: Pick<DeliveryStore, 'extendLease'>;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly leaseMs: number;
}

/** A claimed delivery whose lease is kept until it is released. */
export interface Held {
  readonly claimed: ClaimedDelivery;
  /** Aborts when it is not surely ours any more, or the engine gives up what still runs. */
  readonly signal: AbortSignal;
  /** A mark is on disk. */
  readonly marked: () => boolean;
  /** Another node has it: nothing may be written. */
  readonly lost: () => boolean;
  /** The engine gives up what still runs. */
  readonly stopped: () => boolean;
  noteMark(): void;
  lose(): void;
  release(): void;
}

/** Why an attempt ends whose delivery, or one of those that travel with it, another node has. */
export class TakenOver extends Error {
  constructor() {
    super('Another node has taken this delivery over.');
  }
}

/** Keeps the lease of a claimed delivery. */
export function hold(claimed: ClaimedDelivery, parts: HoldParts, stop: AbortSignal): Held {
  const own = new AbortController();
  let marked = claimed.delivery.markedAt !== null;
  let lost = false;
  const lose = (): void => {
    lost = true;
    own.abort(new TakenOver());
  };
  const onStop = (): void => own.abort(stop.reason);
  const endLease = keepLease(claimed.delivery, parts.leaseMs, parts, (why) => {
    if (why === 'taken') lose();
    // It may still be ours when the outcome is written; the write is guarded.
    else own.abort(new Error('The store could not be reached for so long that another node may take this delivery over.'));
  });
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop);
  return {
    claimed, signal: own.signal, marked: () => marked, lost: () => lost, stopped: () => stop.aborted,
    noteMark() { marked = true; },
    lose,
    release() {
      stop.removeEventListener('abort', onStop);
      endLease();
    },
  };
}
