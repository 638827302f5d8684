import type { ConnectorLimits, ConnectorSetting } from '../domain/authority.js';
import type { NewDelivery } from '../domain/delivery.js';
import { FORWARD_STEP, type Flow, type Step } from '../domain/flow.js';
import type { NewItem } from '../domain/item.js';
import { versionOf } from './flow-version.js';

type RoutedItem = Pick<NewItem, 'source' | 'proposingOrganisation' | 'reviewState'>;

/** The deliveries of an item that takes this flow: steps that wait for nothing are ready, the others and the return steps
 * wait. What a delivery needs of its policy (retries, order) is copied, so that a later edit does not touch it. */
export function planDeliveries(flow: Flow, item: RoutedItem, connectors: readonly ConnectorSetting[], newId: () => string): NewDelivery[] {
  const flowVersion = versionOf(flow);
  const isForwarded = flow.steps.some(({ id }) => id === FORWARD_STEP);
  const plan = (step: Step, position: number, role: NewDelivery['role']): NewDelivery => ({
    id: newId(),
    flow: flow.id,
    flowVersion,
    step: step.id,
    position,
    role,
    connector: step.connector,
    operation: step.operation,
    state: role === 'step' && begins(step, isForwarded ? null : item.reviewState) ? 'ready' : 'waiting',
    retry: { ...step.retry },
    orderKey: orderKeyOf(connectors.find(({ id }) => id === step.connector)?.limits.order ?? 'none', item),
  });
  return [
    ...flow.steps.map((step, position) => plan(step, position, 'step')),
    ...flow.onRejection.map((step, position) => plan(step, flow.steps.length + position, 'return')),
  ];
}

/** `reviewState` null: the system behind has yet to say it. */
function begins(step: Step, reviewState: string | null): boolean {
  return step.after.length === 0 && (step.waitFor === null || (reviewState !== null && step.waitFor.includes(reviewState)));
}

function orderKeyOf(order: ConnectorLimits['order'], item: RoutedItem): string | null {
  switch (order) {
    case 'none': return null;
    case 'source': return item.source;
    case 'organisation': return item.proposingOrganisation;
    case 'all': return '';
  }
}
