import type { Clock } from '../platform/clock.js';

/** Failures in a row after which nobody waits for the other side any more. */
const FAILURES_TO_LOSE_IT = 3;

/** How long it is then left alone: the next question tries it again, for all the others. */
const ALONE_MS = 15_000;

/** Keeps callers from waiting on a system that is away. It forgets with the process, unlike the breaker of deliveries: a reader is
 * answered either way, and the first questions tell how it is. */
export interface Patience {
  /** Whether a question may be asked now. After a time alone one is let through, and no other before that long again. */
  mayAsk(): boolean;
  answered(): void;
  /** `certain`: it would fail whatever is asked. */
  failed(certain: boolean): void;
}

/** For one connector, which is taken to be there at first. */
export function createPatience(clock: Clock): Patience {
  let failures = 0;
  let askAgainAt = 0;
  return {
    mayAsk() {
      if (failures < FAILURES_TO_LOSE_IT) return true;
      if (clock.now() < askAgainAt) return false;
      askAgainAt = clock.now() + ALONE_MS;
      return true;
    },
    answered() { failures = 0; },
    failed(certain) {
      const before = failures;
      failures = certain ? Math.max(failures + 1, FAILURES_TO_LOSE_IT) : failures + 1;
      if (before < FAILURES_TO_LOSE_IT) askAgainAt = clock.now() + ALONE_MS;
    },
  };
}
