import type { Connector, Gathering, Submission } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import type { Attempt } from './attempt.js';
import type { AttemptResult } from './attempt-result.js';
import { asFailure, type ConfiguredConnector } from './call-connector.js';

/** A load must leave some day. */
const LONGEST_WAIT_MS = 366 * 24 * 3_600_000;

/** Where a submission that is prepared goes; null where those of its connector travel alone. */
export function gather(submission: Submission, attempt: Attempt, { connector: { together }, settings }: ConfiguredConnector): Gathering | Extract<AttemptResult, { came: 'failure' }> | null {
  if (together === undefined) return null;
  try {
    return possible(together.gather(submission, settings, attempt.context.clock.now()));
  } catch (error) {
    return asFailure(error, attempt, 'preparation');
  }
}

/** Whatever a connector thinks of: each submission fits a load by itself, and each load leaves. */
function possible({ group, weight, limits }: ReturnType<NonNullable<Connector['together']>['gather']>): Gathering {
  if (!(weight >= 0 && limits.weight >= 0 && limits.count >= 1)) throw new TypeError(`the load of group «${group}» makes no sense`);
  if (weight > limits.weight) throw new Refused(`It weighs ${weight} bytes, and a load no more than ${limits.weight}.`);
  return { group, weight: Math.ceil(weight), limits: { ...limits, waitMs: Math.max(0, Math.min(limits.waitMs, LONGEST_WAIT_MS) || 0) } };
}
