import type { AttemptResult } from './attempt-result.js';
import type { ConnectorHealth } from './store.js';

type Failed = Extract<AttemptResult, { came: 'failure' }>;

const WORKS: ConnectorHealth = { verdict: 'works' };
const UNAFFECTED: ConnectorHealth = { verdict: 'unaffected' };

/** The other side has spoken. The rest was decided on this side: a connector that cannot probe says so without asking. */
const ANSWERED: ReadonlySet<AttemptResult['came']> = new Set(['receipt', 'tracked', 'no-news', 'absent']);

/** What an attempt says about the connector as a whole. A `canary` goes through an open breaker: as long as it does not
 * prove that the other side works, the breaker stays open and the next canary waits its time. */
export function healthOf(result: AttemptResult, canary: boolean): ConnectorHealth {
  if (result.came === 'failure') return healthAfter(result, canary);
  const answered = ANSWERED.has(result.came) || provedAbsence(result) || (result.came === 'cancelling' && result.refused === null);
  return answered ? WORKS : UNAFFECTED;
}

function provedAbsence(result: AttemptResult): boolean {
  if (result.came === 'unconfirmed') return result.answer === 'absent';
  return (result.came === 'closed' || result.came === 'left-out' || result.came === 'gathered') && result.absent;
}

function healthAfter({ failure, marked, unforeseen }: Failed, canary: boolean): ConnectorHealth {
  const { kind, message: reason } = failure;
  if (kind === 'misconfigured') return { verdict: 'misconfigured', reason };
  // Before the mark a connector may refuse by itself, without having asked anybody.
  if (kind === 'refused') return marked ? WORKS : UNAFFECTED;
  // A mistake in the connector, or a remote that answers and asks for patience: it is not down.
  const answers = unforeseen || (kind === 'not-sent' && failure.retryAfterMs !== undefined);
  return answers && !canary ? UNAFFECTED : { verdict: 'unreachable', reason };
}
