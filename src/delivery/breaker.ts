import type { ConnectorState } from '../domain/connector-state.js';
import { backoff } from './backoff.js';
import type { ConnectorHealth } from './store.js';

export interface BreakerStep {
  readonly state: ConnectorState;
  readonly change: 'opened' | 'closed' | null;
}

/** Failures in a row after which the other side counts as down; a wrong password shows at the first. */
const FAILURES_TO_OPEN = 5;

/** Between canaries: soon enough to notice a recovery, rare enough to disturb nobody. */
const CANARY_DELAYS = { firstDelayMs: 30_000, factor: 2, maxDelayMs: 10 * 60_000 };

/** What an attempt does to the breaker of its connector. Failures that were under way when it opened do not put the next
 * canary off. A hold is never touched. `random` in [0, 1), `now` epoch milliseconds. */
export function nextBreaker(state: ConnectorState, health: ConnectorHealth, now: number, random: () => number): BreakerStep {
  switch (health.verdict) {
    case 'unaffected':
      return { state, change: null };
    case 'works':
      return { state: { ...state, ...CLOSED }, change: state.breaker === 'open' ? 'closed' : null };
    case 'unreachable':
    case 'misconfigured':
      return afterFailure(state, health.reason, health.verdict === 'misconfigured', now, random);
  }
}

const CLOSED = { breaker: 'closed', failures: 0, openedAt: null, reason: null, canaryAt: null } as const;

function afterFailure(state: ConnectorState, reason: string, atOnce: boolean, now: number, random: () => number): BreakerStep {
  const failures = state.failures + 1;
  if (state.breaker === 'closed') {
    if (!atOnce && failures < FAILURES_TO_OPEN) return { state: { ...state, failures }, change: null };
    return { state: { ...state, breaker: 'open', failures: 1, openedAt: now, reason, canaryAt: now + backoff(CANARY_DELAYS, 1, random) }, change: 'opened' };
  }
  if (state.canaryAt !== null && now < state.canaryAt) return { state: { ...state, reason }, change: null };
  return { state: { ...state, failures, reason, canaryAt: now + backoff(CANARY_DELAYS, failures, random) }, change: null };
}
