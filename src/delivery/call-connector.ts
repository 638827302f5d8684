import type { Connector } from '../connector-api/connector.js';
import { isFailure, Misconfigured, NotSent, OutcomeUnknown, type Failure } from '../connector-api/failures.js';
import type { Authority } from '../domain/authority.js';
import type { Delivery } from '../domain/delivery.js';
import { RelaisError } from '../errors.js';
import type { Attempt, AttemptParts } from './attempt.js';
import type { AttemptResult, Phase } from './attempt-result.js';
import { withDeadline } from './deadline.js';

export interface ConfiguredConnector {
  readonly connector: Connector;
  readonly settings: unknown;
  readonly authority: Authority;
}

/** A connector that is told to stop has this long to say what became of its call. */
const WIND_UP_MS = 5_000;

/** The connector of a delivery as it is configured now. */
export function findConnector(delivery: Delivery, parts: Pick<AttemptParts, 'authority' | 'connectors'>): ConfiguredConnector | Misconfigured {
  const authority = parts.authority(delivery.authority);
  const setting = authority?.connectors.find((found) => found.id === delivery.connector);
  if (authority === undefined || setting === undefined) {
    return new Misconfigured(`The configuration has no connector «${delivery.connector}» any more; put it back or cancel the delivery.`);
  }
  const connector = parts.connectors.get(setting.type);
  if (connector === undefined) return new Misconfigured(`Connector «${setting.id}» has type «${setting.type}», which this version does not know.`);
  return { connector, settings: setting.settings, authority };
}

/** Calls a function of a connector within its time; what it throws becomes a failure. */
export async function callConnector<T>(during: Phase, attempt: Attempt, parts: Pick<AttemptParts, 'timer'>, call: () => Promise<T>): Promise<{ readonly value: T } | Extract<AttemptResult, { came: 'failure' }>> {
  try {
    return { value: await withDeadline(Promise.resolve().then(call), attempt.context.signal, WIND_UP_MS, parts.timer) };
  } catch (error) {
    return asFailure(error, attempt, during);
  }
}

/** What a connector throws beside the four failures is a fault of its own: after the mark nobody knows, before it nothing
 * was sent. The stack goes to the log, not to the operator. Once it keeps what the other side gave back, that one has it,
 * whatever the connector makes of the rest. */
export function asFailure(error: unknown, attempt: Attempt, during: Phase): Extract<AttemptResult, { came: 'failure' }> {
  const marked = attempt.marked();
  if (isFailure(error)) {
    const isThere = during === 'submit' && attempt.answered() && error.kind !== 'outcome-unknown';
    return { came: 'failure', failure: isThere ? new OutcomeUnknown(error.message, { cause: error }) : error, during, unforeseen: false, marked };
  }
  const { context, claimed } = attempt;
  const unforeseen = !context.signal.aborted;
  if (unforeseen) context.logger.warn('A connector failed unexpectedly', { during, error });
  const message = explain(error, context.signal) ?? `Connector «${claimed.delivery.connector}» failed in a way that it does not know.`;
  return { came: 'failure', failure: unknownOrNotSent(message, error, during, marked), during, unforeseen, marked };
}

function explain(error: unknown, signal: AbortSignal): string | undefined {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason.message;
  // Ours: a blob that is missing, a store that is away.
  return error instanceof RelaisError ? error.message : undefined;
}

function unknownOrNotSent(message: string, cause: unknown, during: Phase, marked: boolean): Failure {
  const mayBeThere = during !== 'preparation' && (during === 'probe' || marked);
  return mayBeThere ? new OutcomeUnknown(message, { cause }) : new NotSent(message, { cause });
}
