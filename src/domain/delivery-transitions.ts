import type { DeliveryState } from './delivery.js';

/** Every way from one state to another. Whatever is not here never happens; a state may always stay as it is. A resend by
 * an operator is a new delivery. */
export const DELIVERY_TRANSITIONS: Readonly<Record<DeliveryState, ReadonlySet<DeliveryState>>> = {
  waiting: new Set(['ready', 'skipped', 'parked', 'cancelled']),
  ready: new Set(['sending', 'cancelled']),
  sending: new Set(['ready', 'sent', 'done', 'skipped', 'parked', 'cancelled']),
  sent: new Set(['done', 'rejected', 'parked', 'cancelled']),
  parked: new Set(['ready', 'done', 'cancelled']),
  done: new Set(),
  skipped: new Set(),
  rejected: new Set(),
  cancelled: new Set(),
};
