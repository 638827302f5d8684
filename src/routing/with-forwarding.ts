import type { RetryPolicy } from '../domain/delivery.js';
import { CREATE_ITEM, FORWARD_STEP, type Flow, type Step } from '../domain/flow.js';
import type { NewItem } from '../domain/item.js';
import type { ConfigBackend, MeetingConfig } from '../domain/meeting-config.js';

/** Kind of the items that a system behind a meeting config decides on. */
export const DECIDED_KIND = 'deliberation';

/** A month of attempts, and none later than a quarter of an hour after the system is back. While it does not answer at all, none
 * counts. */
const PATIENT: RetryPolicy = { firstDelayMs: 15_000, factor: 2, maxDelayMs: 15 * 60_000, maxAttempts: 3_000 };

/** What an item follows that no flow takes. */
const NO_FLOW: Flow = { id: FORWARD_STEP, when: {}, steps: [], onRejection: [] };

/** By backend and flow, as they are configured: the same flow is made once, and so has its version worked out once. */
const made = new WeakMap<ConfigBackend, WeakMap<Flow, Flow>>();

/** The backend to which an item is forwarded; undefined: it is decided on here. */
export function backendFor({ kind, configId }: Pick<NewItem, 'kind' | 'configId'>, meetingConfigs: readonly MeetingConfig[]): ConfigBackend | undefined {
  return kind === DECIDED_KIND ? meetingConfigs.find(({ id }) => id === configId)?.backend : undefined;
}

/** The flow with the step that forwards the item put before its own, where a system stands behind the item's meeting config: nothing
 * comes after that step, and it waits for nothing. No other step changes the item's state, which is what it is over there. Where no
 * flow takes such an item (null), a flow of that step alone. */
export function withForwarding(flow: Flow | null, item: Pick<NewItem, 'kind' | 'configId'>, meetingConfigs: readonly MeetingConfig[]): Flow | null {
  const backend = backendFor(item, meetingConfigs);
  if (backend === undefined) return flow;
  const own = flow ?? NO_FLOW;
  const flows = made.get(backend) ?? new WeakMap<Flow, Flow>();
  made.set(backend, flows);
  const forwarding = flows.get(own) ?? { ...own, steps: [forwardStep(backend), ...own.steps.map(keepingState)], onRejection: own.onRejection.map(keepingState) };
  flows.set(own, forwarding);
  return forwarding;
}

function forwardStep({ connector, fields }: ConfigBackend): Step {
  return {
    id: FORWARD_STEP, connector, operation: CREATE_ITEM, after: [], when: null, waitFor: null, fields, retry: PATIENT, hours: null,
    results: { annexType: null, relatedTo: 'decision', stateWhenDone: null, stateWhenRejected: null },
  };
}

function keepingState(step: Step): Step {
  return { ...step, results: { ...step.results, stateWhenDone: null, stateWhenRejected: null } };
}
