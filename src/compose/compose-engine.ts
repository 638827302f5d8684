import type { Delivered } from '../delivery/settle.js';
import { createEngine, type Engine } from '../delivery/engine.js';
import { systemTimer } from '../delivery/timer.js';
import { systemClock } from '../platform/clock.js';
import type { Metrics } from '../platform/metrics.js';
import { contextPartsOf } from './context-parts.js';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';
import { stepRules } from './step-rules.js';

/** A delivery lets requests go first for this long at most, milliseconds. */
const GIVE_WAY_MS = 20;

/** Expired leases are looked for at least this often, milliseconds. */
const REAP_EVERY_MS = 30_000;

/** The delivery engine of this process, for the authorities that are served at each moment. `onIncident`: a breaker changed, or
 * something was parked. */
export function composeEngine({ configuration, store, connectors, logger, hide, metrics, traffic, outbound, newId, forwardingWaits }: Omit<Installation, 'wakeEngine'>, served: Pick<ServedAuthorities, 'get'>, onIncident: () => void): Engine {
  return createEngine({
    store: store.deliveries,
    connectors,
    ...contextPartsOf({ configuration, outbound, logger }, served),
    rules: stepRules, timer: systemTimer, hide, newId, owner: newId(),
    onOutcome(delivered) {
      countOutcome(metrics, delivered);
      forwardingWaits.onOutcome(delivered);
      if (delivered.breaker !== null || delivered.outcome.state === 'parked') onIncident();
    },
    options: { concurrency: configuration.server.delivery.concurrency, leaseMs: configuration.server.delivery.lease, reapEveryMs: Math.min(REAP_EVERY_MS, configuration.server.delivery.lease) },
    giveWay: () => traffic.quiet(GIVE_WAY_MS),
  });
}

function countOutcome(metrics: Metrics, { delivery, item, outcome, seconds }: Delivered): void {
  const labels = { authority: delivery.authority, connector: delivery.connector };
  metrics.attempt({ ...labels, outcome: outcome.state }, seconds);
  if (outcome.state === 'done') metrics.delivered(labels, Math.max(0, systemClock.now() - item.createdAt) / 1000);
}
