import type { NewDelivery } from '../domain/delivery.js';
import type { Flow } from '../domain/flow.js';

/** The deliveries of an item that takes this flow: the first step is ready, the others wait for the one before. The retry
 * policy is copied, so that a later edit of the flow does not touch them. */
export function planDeliveries(flow: Flow, newId: () => string): NewDelivery[] {
  return flow.steps.map((step, position) => ({
    id: newId(),
    flow: flow.id,
    step: step.id,
    position,
    connector: step.connector,
    operation: step.operation,
    state: position === 0 ? 'ready' : 'waiting',
    retry: { ...step.retry },
  }));
}
