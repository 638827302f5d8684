import { WITHDRAWN_STATES } from '../domain/delivery.js';
import type { Freshness } from './look.js';
import type { Forwarding } from './store.js';

/** How an item stands with the system behind its config, among the `extraInfos`: since when what is shown is known to be so, whether it was
 * asked there, and, of ours, how the forwarding stands. */
export function standing(at: number, freshness: Freshness | null, forwarding: Forwarding | undefined): Readonly<Record<string, string>> {
  return {
    relais_as_of: new Date(at).toISOString(),
    ...(freshness === null ? {} : { relais_upstream: freshness }),
    ...(forwarding === undefined ? {} : { relais_forward: forwardingInWords(forwarding) }),
  };
}

/** Its state, and where it waits or is parked, why and what to do. */
function forwardingInWords({ state, reason, fix }: Forwarding): string {
  const words = [reason, fix].filter((word) => word !== null && word !== '').join(' ');
  return words === '' ? state : `${state}: ${words}`;
}

/** An item whose forwarding was cancelled, or rejected by the other side, is there for nobody. */
export function isWithdrawn({ state }: Forwarding): boolean {
  return WITHDRAWN_STATES.has(state);
}
