import type { Delivery } from '../../src/domain/delivery.js';
import type { Flow, Step } from '../../src/domain/flow.js';

/** A step on connector `out` that begins at once and maps nothing. */
export function sampleStep(id = 'step', change: Partial<Step> = {}): Step {
  return {
    id, connector: 'out', operation: 'deposit', after: [], when: null, waitFor: null, fields: {},
    retry: { firstDelayMs: 1_000, factor: 2, maxDelayMs: 60_000, maxAttempts: 5 }, hours: null,
    results: { annexType: null, relatedTo: 'item', stateWhenDone: null, stateWhenRejected: null }, ...change,
  };
}

export function sampleFlow(steps: readonly Step[] = [sampleStep()], onRejection: readonly Step[] = []): Flow {
  return { id: 'flow', when: {}, steps, onRejection };
}

/** A delivery of that step, claimed and being sent for the first time. */
export function sampleDelivery(change: Partial<Delivery> = {}): Delivery {
  const { id: step, connector, operation, retry } = sampleStep();
  return {
    id: 'key-1', authority: 'default', itemUid: 'item', flow: 'flow', flowVersion: 'v1', step, position: 0, role: 'step', connector, operation,
    state: 'sending', stateSince: 0, attempts: 0, polls: 0, dueAt: 0, epoch: 1, leaseOwner: 'me', leaseUntil: 1, markedAt: null,
    remoteReference: null, receiptData: null, reason: null, fix: null, retry, orderKey: null, cancelRequested: false, foundAs: null, ...change,
  };
}
