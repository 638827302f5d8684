import { FINAL_STATES, type Delivery, type DeliveryState } from '../domain/delivery.js';
import { FORWARD_STEP, type Flow, type Step } from '../domain/flow.js';

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
/** States after which it never comes to its turn. */
const STOPPED: ReadonlySet<DeliveryState> = new Set(['cancelled', 'rejected']);

/** What follows for the other deliveries of an item when one of them, or the item's review state, has changed. `rows` are
 * all deliveries of the item on this flow, oldest first: of a step that was sent again, the last one counts. A step begins
 * when those before it have passed and the item is in a state that it waits for. A rejection cancels what the other side
 * cannot have, also what was parked, and starts the return steps; without one they are skipped in the end. What forwards the item to
 * the system behind its meeting config goes on whatever becomes of the others; where it is cancelled, so are they: the item is withdrawn.
 * Pure; apply the changes once, there is nothing left to change then. */
export function advanceFlow(flow: Flow, rows: readonly FlowRow[], reviewState: string): StepChange[] {
  const current = new Map(rows.map((row) => [row.step, row]));
  const states = new Map([...current].map(([step, row]) => [step, row.state]));
  const changes: StepChange[] = [];
  const rejected = rejectedStep(flow, rows);
  for (const step of [...flow.steps, ...flow.onRejection]) {
    const row = current.get(step.id);
    if (row === undefined || (hasBegun(row) && !isGivenUp(row, stoppedBy(states, rejected)))) continue;
    const follows = row.role === 'step' ? afterOthers(step, states, rejected) : afterSteps(flow, step, states, rejected);
    const begins = follows === 'go on' && row.state === 'waiting' && mayBegin(step, states, reviewState);
    const change = begins ? { state: 'ready', reason: null } as const : follows;
    if (typeof change === 'string') continue;
    states.set(step.id, change.state);
    changes.push({ id: row.id, ...change });
  }
  return changes;
}

/** The step of the flow that was rejected, if any: nothing is sent any more then but by the return steps. `rows` as above. */
export function rejectedStep(flow: Flow, rows: readonly Pick<FlowRow, 'step' | 'state'>[]): Step | undefined {
  const states = new Map(rows.map(({ step, state }) => [step, state]));
  return flow.steps.find(({ id }) => states.get(id) === 'rejected');
}

/** Why a step of a flow on which another one was rejected is not carried out. */
export function notAfterRejection(rejected: string): string {
  return `Step «${rejected}» was rejected.`;
}

/** `go on`: it is for its turn to decide. */
type Follows = Pick<StepChange, 'state' | 'reason'> | 'go on' | 'wait';

function afterOthers(step: Step, states: ReadonlyMap<string, DeliveryState>, rejected: Step | undefined): Follows {
  if (step.id === FORWARD_STEP) return 'go on';
  const stopped = stoppedBy(states, rejected);
  return stopped === null ? afterPredecessors(step, states) : { state: 'cancelled', reason: stopped };
}

/** Why nothing of the flow is begun any more; null: nothing stops it. */
function stoppedBy(states: ReadonlyMap<string, DeliveryState>, rejected: Step | undefined): string | null {
  if (rejected !== undefined) return notAfterRejection(rejected.id);
  return states.get(FORWARD_STEP) === 'cancelled' ? wasStopped(FORWARD_STEP, 'cancelled') : null;
}

function wasStopped(step: string, state: DeliveryState): string {
  return `Step «${step}» was ${state}.`;
}

/** A return step goes on after a rejection, and is skipped once nothing can be rejected any more. */
function afterSteps(flow: Flow, step: Step, states: ReadonlyMap<string, DeliveryState>, rejected: Step | undefined): Follows {
  if (rejected !== undefined) return afterPredecessors(step, states);
  const over = flow.steps.every(({ id }) => FINAL_STATES.has(states.get(id) ?? 'done'));
  return over ? { state: 'skipped', reason: 'Nothing was rejected.' } : 'wait';
}

function afterPredecessors(step: Step, states: ReadonlyMap<string, DeliveryState>): Follows {
  const stopped = step.after.find((before) => STOPPED.has(states.get(before) ?? 'done'));
  return stopped === undefined ? 'go on' : { state: 'cancelled', reason: wasStopped(stopped, states.get(stopped) ?? 'cancelled') };
}

function hasBegun(row: FlowRow): boolean {
  return row.state !== 'waiting' && (row.state !== 'ready' || row.markedAt !== null);
}

/** Nobody has to look after a parked step of a flow that is over, unless the other side may have it. */
function isGivenUp({ step, state, role, markedAt }: FlowRow, stopped: string | null): boolean {
  return stopped !== null && step !== FORWARD_STEP && state === 'parked' && role === 'step' && markedAt === null;
}

/** Until the system behind its meeting config has an item, its review state is what its caller asked for. */
function isKnownBehind(states: ReadonlyMap<string, DeliveryState>): boolean {
  const forward = states.get(FORWARD_STEP) ?? 'done';
  return forward === 'sent' || forward === 'done';
}

function mayBegin(step: Step, states: ReadonlyMap<string, DeliveryState>, reviewState: string): boolean {
  const passed = step.after.every((before) => PASSED.has(states.get(before) ?? 'done'));
  return passed && (step.waitFor === null || (isKnownBehind(states) && step.waitFor.includes(reviewState)));
}
