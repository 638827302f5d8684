import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import type { StatusMeaning } from './act-status.js';
import { pollAfter, UNUSUAL_MS } from './poll-after.js';
import type { ReceiptData } from './receipt.js';

const SENT = 3;

/** Nothing more is known yet: where it stands, in words, and when to ask again. A status that no contract tells of is asked about on, and logged. */
export function standingStill(data: ReceiptData, status: number, meaning: StatusMeaning | undefined, { logger, clock }: Pick<ConnectorContext, 'logger' | 'clock'>): Tracking {
  const { transaction, sentAt, kind, refusedSince, unusableSince, ...rest } = data;
  const age = Math.max(0, clock.now() - sentAt);
  if (meaning === undefined) logger.warn('S2LOW tells a status that is not known; it is asked about on', { transaction, status });
  const unusual = status === SENT && kind !== 'pes' && age > UNUSUAL_MS ? ' That takes unusually long: ask the operator of S2LOW.' : '';
  const words = meaning?.words ?? `in status ${status}, which Relais does not know`;
  return {
    state: 'pending', note: `On S2LOW it is ${words}.${unusual}`, pollAfterMs: pollAfter(kind === 'pes' ? 'pes' : 'act', age),
    ...((refusedSince ?? unusableSince) !== undefined && { data: { transaction, sentAt, kind, ...rest } }),
  };
}
