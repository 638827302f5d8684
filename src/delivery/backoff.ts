import type { RetryPolicy } from '../domain/delivery.js';

/** The delay in milliseconds before the try that follows failure number `failures` (1 for the first). Exponential with a
 * cap; half of it is jitter, so that deliveries that failed together do not come back together. `random` is in [0, 1). */
export function backoff(policy: Pick<RetryPolicy, 'firstDelayMs' | 'factor' | 'maxDelayMs'>, failures: number, random: () => number): number {
  const grown = policy.firstDelayMs * Math.min(policy.factor ** (Math.max(1, failures) - 1), Number.MAX_SAFE_INTEGER);
  const capped = Math.min(grown, policy.maxDelayMs);
  return Math.round(capped / 2 + (capped / 2) * random());
}
