import type { ConnectorContext, Tracking } from '../../src/connector-api/connector.js';
import type { StatusMeaning } from './act-status.js';
import type { S2lowSettings } from './config.js';
import { pollAfter, UNUSUAL_MS } from './poll-after.js';
import type { ReceiptData } from './receipt.js';

const SENT = 3;

const SAYS = {
  fr: { stands: (words: string) => `Sur S²LOW il est ${words}.`, unknown: (status: number) => `à l'état ${status}, que Relais ne connaît pas`, unusual: ' C\'est anormalement long : demandez à l\'opérateur de S²LOW.' },
  en: { stands: (words: string) => `On S2LOW it is ${words}.`, unknown: (status: number) => `in status ${status}, which Relais does not know`, unusual: ' That takes unusually long: ask the operator of S2LOW.' },
} as const;

/** Nothing more is known yet: where it stands, in words, and when to ask again. A status that no contract tells of is asked about on, and logged. */
export function standingStill(data: ReceiptData, status: number, meaning: StatusMeaning | undefined, { language }: Pick<S2lowSettings, 'language'>, { logger, clock }: Pick<ConnectorContext, 'logger' | 'clock'>): Tracking {
  const { transaction, sentAt, kind, refusedSince, unusableSince, ...rest } = data;
  const age = Math.max(0, clock.now() - sentAt);
  if (meaning === undefined) logger.warn('S2LOW tells a status that is not known; it is asked about on', { transaction, status });
  const says = SAYS[language];
  const unusual = status === SENT && kind !== 'pes' && age > UNUSUAL_MS ? says.unusual : '';
  return {
    state: 'pending', note: says.stands(meaning?.words[language] ?? says.unknown(status)) + unusual, pollAfterMs: pollAfter(kind === 'pes' ? 'pes' : 'act', age),
    ...((refusedSince ?? unusableSince) !== undefined && { data: { transaction, sentAt, kind, ...rest } }),
  };
}
