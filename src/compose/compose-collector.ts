import { collectTarget, type CollectTarget } from '../collect/collect-from.js';
import { createCollector, type Collector } from '../collect/collector.js';
import { systemTimer } from '../delivery/timer.js';
import { contextPartsOf } from './context-parts.js';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';

/** Collects what waits on other sides, for the authorities that are served at each moment. `onIncident`: a breaker changed. */
export function composeCollector(installation: Installation, served: Pick<ServedAuthorities, 'get' | 'all'>, onIncident: () => void): Collector {
  const { store, connectors, metrics, hide, newId } = installation;
  return createCollector({
    ...contextPartsOf(installation, served),
    store: { ...store.collecting, takenBefore: (authority, keys) => store.intake.takenBefore(authority, keys) },
    targets: () => served.all().flatMap(({ authority, intake }) =>
      authority.connectors.map((setting) => collectTarget(authority, setting, connectors.get(setting.type), intake)).filter((target): target is CollectTarget => target !== null)),
    timer: systemTimer, hide, newId, random: Math.random,
    onFound: (place, { became }) => { metrics.collected({ ...place, outcome: became }); },
    onBreaker: onIncident,
  });
}
