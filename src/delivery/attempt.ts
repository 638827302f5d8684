import type { BlobStore } from '../blobs/blob-store.js';
import type { Connector, ConnectorContext, Probe, Submission } from '../connector-api/connector.js';
import { isFailure, Misconfigured, NotSent, OutcomeUnknown, type Failure } from '../connector-api/failures.js';
import type { Authority } from '../domain/authority.js';
import type { Delivery } from '../domain/delivery.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { withDeadline } from './deadline.js';
import { keepLease } from './keep-lease.js';
import type { AttemptResult } from './next-state.js';
import type { ClaimedDelivery, DeliveryStore } from './store.js';
import type { Timer } from './timer.js';

export interface AttemptParts {
  readonly store: Pick<DeliveryStore, 'markSent' | 'extendLease'>;
  readonly connectors: ReadonlyMap<string, Connector>;
  /** The authority as it is configured now; undefined when it is no longer served. */
  readonly authority: (id: string) => Authority | undefined;
  readonly blobs: (authority: string) => Pick<BlobStore, 'read'>;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  readonly leaseMs: number;
  /** An attempt that takes longer is aborted, milliseconds. */
  readonly attemptMs: number;
}

/** A connector that is told to stop has this long to say what became of its call. */
const WIND_UP_MS = 5_000;

/** One attempt of a claimed delivery: what the connector gets, and what the engine knows of it. */
interface Attempt {
  readonly delivery: Delivery;
  readonly submission: Submission;
  readonly context: ConnectorContext;
  /** A mark is on disk. */
  marked: boolean;
  leaseLost: boolean;
}

/** Carries out one claimed delivery: probe if it was marked, submit otherwise or after proved absence. Resolves with
 * `lease-lost` when another node has it, and nothing may be written then. Rejects only when the store does. */
export async function carryOut(claimed: ClaimedDelivery, parts: AttemptParts, stop: AbortSignal): Promise<AttemptResult | 'lease-lost'> {
  const { delivery } = claimed;
  const own = new AbortController();
  const current = prepare(claimed, parts, own, AbortSignal.any([own.signal, stop]));
  const releaseLease = keepLease(delivery, parts.leaseMs, parts, () => {
    current.leaseLost = true;
    own.abort(new Error('Another node has taken this delivery over.'));
  });
  const cancelLimit = parts.timer.after(parts.attemptMs, () => own.abort(new Error(`The attempt took longer than ${parts.attemptMs / 1000} s.`)));
  try {
    const result = await run(current, parts);
    if (result.came === 'failure' && result.failure.kind === 'outcome-unknown' && !current.marked) {
      // The connector forgot its mark; without one the next attempt would be a blind resend.
      current.leaseLost ||= !await parts.store.markSent(delivery);
    }
    if (current.leaseLost) return 'lease-lost';
    return stop.aborted && result.came === 'failure' ? { came: 'interrupted' } : result;
  } finally {
    releaseLease();
    cancelLimit();
    // A connector that goes on after its time can no longer mark.
    own.abort();
  }
}

function prepare({ delivery, item }: ClaimedDelivery, parts: AttemptParts, own: AbortController, signal: AbortSignal): Attempt {
  const { id, authority, connector, operation } = delivery;
  const logger = parts.logger.child({ authority, item: item.uid, delivery: id, connector });
  const current: Attempt = {
    delivery, marked: delivery.markedAt !== null, leaseLost: false,
    submission: { key: id, operation, item },
    context: { logger, clock: parts.clock, signal, markSent, blobs: { read: (sha256) => parts.blobs(authority).read(sha256) } },
  };
  return current;

  async function markSent(): Promise<void> {
    signal.throwIfAborted();
    if (await parts.store.markSent(delivery)) current.marked = true;
    else {
      current.leaseLost = true;
      own.abort(new Error('Another node has taken this delivery over.'));
    }
    signal.throwIfAborted();
  }
}

async function run(current: Attempt, parts: AttemptParts): Promise<AttemptResult> {
  const { delivery, submission, context } = current;
  const configured = findConnector(delivery, parts);
  if (configured instanceof Misconfigured) return { came: 'failure', failure: configured, during: 'preparation' };
  const { connector, settings } = configured;
  const inTime = <T>(work: () => Promise<T>): Promise<T> => withDeadline(Promise.resolve().then(work), context.signal, WIND_UP_MS, parts.timer);

  if (delivery.markedAt !== null) {
    let probe: Probe;
    try {
      probe = await inTime(() => connector.probe(submission, settings, context));
    } catch (error) {
      return { came: 'failure', failure: asFailure(error, current, 'probe'), during: 'probe' };
    }
    if (probe === 'unknown') return { came: 'unproved' };
    if (probe !== 'absent') return { came: 'receipt', receipt: probe.found };
    if (delivery.attempts >= delivery.retry.maxAttempts) {
      return { came: 'failure', failure: new NotSent('The other side does not have it.'), during: 'probe' };
    }
  }
  try {
    return { came: 'receipt', receipt: await inTime(() => connector.submit(submission, settings, context)) };
  } catch (error) {
    return { came: 'failure', failure: asFailure(error, current, 'submit'), during: 'submit' };
  }
}

function findConnector(delivery: Delivery, parts: AttemptParts): { connector: Connector; settings: unknown } | Misconfigured {
  const setting = parts.authority(delivery.authority)?.connectors.find((found) => found.id === delivery.connector);
  if (setting === undefined) return new Misconfigured(`The configuration has no connector «${delivery.connector}» any more; put it back or cancel the delivery.`);
  const connector = parts.connectors.get(setting.type);
  if (connector === undefined) return new Misconfigured(`Connector «${setting.id}» has type «${setting.type}», which this version does not know.`);
  return { connector, settings: setting.settings };
}

/** What a connector throws beside the four failures is a fault of its own: after the mark nobody knows, before it
 * nothing was sent. The stack goes to the log, not to the operator. */
function asFailure(error: unknown, current: Attempt, during: 'probe' | 'submit'): Failure {
  if (isFailure(error)) return error;
  const { context, delivery } = current;
  const aborted = context.signal.aborted && context.signal.reason instanceof Error ? context.signal.reason.message : undefined;
  const message = aborted ?? `Connector «${delivery.connector}» failed in a way that it does not know.`;
  context.logger.warn('A connector failed unexpectedly', { during, error });
  return during === 'probe' || current.marked ? new OutcomeUnknown(message, { cause: error }) : new NotSent(message, { cause: error });
}
