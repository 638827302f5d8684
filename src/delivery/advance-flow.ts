import type { Delivery, DeliveryState } from '../domain/delivery.js';
import type { Flow, Step } from '../domain/flow.js';

/** A delivery of one item on one flow, as far as the others depend on it. */
export type FlowRow = Pick<Delivery, 'id' | 'step' | 'role' | 'state' | 'markedAt'>;

export interface StepChange {
  readonly id: string;
  readonly state: 'ready' | 'cancelled' | 'skipped';
  /** Plain words; null for `ready`. */
  readonly reason: string | null;
}

/** States after which the next step goes on. */
const PASSED: ReadonlySet<DeliveryState> = new Set(['done', 'skipped']);
const ENDED: ReadonlySet<DeliveryState> = new Set(['done', 'skipped', 'rejected', 'cancelled']);

/** What follows for the other deliveries of an item when one of them, or the item's review state, has changed. `rows` are
 * all deliveries of the item on this flow, oldest first: of a step that was sent again, the last one counts. A step begins
 * when those before it have passed and the item is in a state that it waits for. A rejection cancels what has not begun
 * and starts the return steps; without one they are skipped in the end. Pure; apply the changes once, there is nothing
 * left to change then. */
export function advanceFlow(flow: Flow, rows: readonly FlowRow[], reviewState: string): StepChange[] {
  const current = new Map(rows.map((row) => [row.step, row]));
  const states = new Map([...current].map(([step, row]) => [step, row.state]));
  const changes: StepChange[] = [];
  const change = (step: Step, state: StepChange['state'], reason: string | null): void => {
    const row = current.get(step.id);
    if (row === undefined) return;
    states.set(step.id, state);
    changes.push({ id: row.id, state, reason });
  };

  const rejected = flow.steps.find((step) => states.get(step.id) === 'rejected');
  for (const step of flow.steps) {
    const row = current.get(step.id);
    if (row === undefined) continue;
    const begun = row.state !== 'waiting' && (row.state !== 'ready' || row.markedAt !== null);
    if (begun) continue;
    const cancelled = step.after.find((before) => states.get(before) === 'cancelled');
    if (rejected !== undefined) change(step, 'cancelled', `Step «${rejected.id}» was rejected.`);
    else if (cancelled !== undefined) change(step, 'cancelled', `Step «${cancelled}» was cancelled.`);
    else if (row.state === 'waiting' && mayBegin(step, states, reviewState)) change(step, 'ready', null);
  }
  const over = rejected === undefined && flow.steps.every((step) => ENDED.has(states.get(step.id) ?? 'done'));
  for (const step of flow.onRejection) {
    if (states.get(step.id) !== 'waiting') continue;
    if (over) change(step, 'skipped', 'Nothing was rejected.');
    else if (rejected !== undefined && mayBegin(step, states, reviewState)) change(step, 'ready', null);
  }
  return changes;
}

function mayBegin(step: Step, states: ReadonlyMap<string, DeliveryState>, reviewState: string): boolean {
  const passed = step.after.every((before) => PASSED.has(states.get(before) ?? 'done'));
  return passed && (step.waitFor === null || step.waitFor.includes(reviewState));
}
