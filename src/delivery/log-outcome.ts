import type { Logger } from '../platform/logger.js';
import type { Delivered } from './settle.js';

/** One line for what an attempt came to, and one when the breaker of its connector changed. A partner that is down is not an
 * error of ours; a wrong password is, and so is what was parked. */
export function logOutcome(logger: Logger, delivered: Delivered): void {
  const { delivery, outcome } = delivered;
  const connector = { authority: delivery.authority, connector: delivery.connector };
  const fields = { ...connector, item: delivery.itemUid, delivery: delivery.id };
  logBreaker(logger, connector, delivered);
  switch (outcome.state) {
    case 'parked':
      logger.error('A delivery needs someone', { ...fields, reason: outcome.reason, ...(outcome.fix === null ? {} : { fix: outcome.fix }) });
      break;
    case 'ready':
      logger.warn('A delivery is tried again later', { ...fields, reason: outcome.reason, dueAt: new Date(outcome.dueAt).toISOString() });
      break;
    case 'gathered':
      logger.debug('A delivery waits for others to travel with', fields);
      break;
    case 'pending':
      logger.debug('An answer is still awaited', { ...fields, reason: outcome.reason, dueAt: new Date(outcome.dueAt).toISOString() });
      break;
    case 'done':
    case 'sent':
      logger.info('Delivered', { ...fields, state: outcome.state, reference: outcome.remoteReference });
      break;
    case 'rejected':
    case 'skipped':
    case 'cancelled':
      logger.info('A delivery has ended', { ...fields, state: outcome.state, reason: outcome.reason });
      break;
  }
}

function logBreaker(logger: Logger, connector: Readonly<Record<string, string>>, { breaker, health }: Delivered): void {
  if (breaker === 'closed') logger.info('A connector works again', connector);
  if (breaker !== 'opened') return;
  const reason = 'reason' in health ? health.reason : '';
  if (health.verdict === 'misconfigured') logger.error('A connector is misconfigured; its deliveries wait', { ...connector, reason });
  else logger.warn('A connector cannot be reached; its deliveries wait', { ...connector, reason });
}
