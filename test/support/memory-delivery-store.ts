import { advanceFlow, rejectedStep } from '../../src/delivery/advance-flow.js';
import { nextBreaker } from '../../src/delivery/breaker.js';
import { openSlots, slotAfter } from '../../src/delivery/rate.js';
import type { ClaimedDelivery, ClaimRequest, DeliveryOutcome, DeliveryStore } from '../../src/delivery/store.js';
import { inTurn, takeInTurn } from '../../src/delivery/take-in-turn.js';
import type { ConnectorState } from '../../src/domain/connector-state.js';
import { FINAL_STATES, type Delivery } from '../../src/domain/delivery.js';
import type { Flow, Step } from '../../src/domain/flow.js';
import type { Item } from '../../src/domain/item.js';
import type { StepResult } from '../../src/domain/mapping.js';
import type { Clock } from '../../src/platform/clock.js';
import { delivered } from './delivered.js';
import { sampleDelivery, sampleFlow } from './sample-delivery.js';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
/** An item under way on its flow. */
interface Journey { readonly flow: Flow; readonly rows: Row[]; item: Item; readonly results: Record<string, StepResult> }
interface Row { readonly sequence: number; readonly step: Step; readonly journey: Journey; delivery: Mutable<Delivery> }
interface Lane { readonly authority: string; readonly connector: string; readonly rows: Set<Row>; readonly running: Set<Row>; state: ConnectorState; canary: Row | null; nextSlotAt: number }

export interface MemoryDeliveryStore extends DeliveryStore {
  /** Adds an item on a flow of one step; returns the id of its delivery. */
  add(item: Item, change?: Partial<Delivery>, step?: Step): string;
  /** Adds an item on a flow; returns the ids of its deliveries, in the order of the steps. */
  addFlow(item: Item, flow: Flow): string[];
  row(id: string): Delivery;
  /** The item of a delivery as it is now. */
  item(id: string): Item;
  connector(id: string): ConnectorState;
  hold(connector: string, isHeld: boolean): void;
  requestCancel(id: string): void;
  /** As if an attempt had been cut off behind its mark. */
  wasMarked(id: string): void;
  /** Every outcome that was written, in order. */
  readonly outcomes: DeliveryOutcome[];
  /** While set, every call fails with it. */
  failure: Error | null;
}

/** The ledger in memory, with the guards and the order of the real one. A poor one: a claim reads a whole lane. */
export function memoryDeliveryStore(clock: Clock): MemoryDeliveryStore {
  const rows = new Map<string, Row>();
  const lanes = new Map<string, Lane>();
  const outcomes: DeliveryOutcome[] = [];
  let turn = { authority: '', connectors: new Map<string, string>() };

  function laneOf(authority: string, connector: string): Lane {
    const name = `${authority}/${connector}`;
    const lane = lanes.get(name) ?? {
      authority, connector, rows: new Set(), running: new Set(), canary: null, nextSlotAt: 0,
      state: { authority, connector, breaker: 'closed', failures: 0, openedAt: null, reason: null, canaryAt: null, hold: null },
    };
    lanes.set(name, lane);
    return lane;
  }

  function insert(delivery: Delivery, step: Step, journey: Journey): string {
    const row: Row = { sequence: rows.size, step, journey, delivery: { ...delivery, id: `delivery-${rows.size + 1}`, leaseOwner: null, leaseUntil: null, epoch: 0 } };
    rows.set(row.delivery.id, row);
    journey.rows.push(row);
    laneOf(delivery.authority, delivery.connector).rows.add(row);
    return row.delivery.id;
  }

  function held(delivery: Delivery): Row | undefined {
    if (store.failure !== null) throw store.failure;
    const row = rows.get(delivery.id);
    const { leaseOwner, epoch, state } = row?.delivery ?? {};
    return leaseOwner === delivery.leaseOwner && epoch === delivery.epoch && state === delivery.state ? row : undefined;
  }

  function claimable(lane: Lane, limitsOf: ClaimRequest['limitsOf']): Row[] {
    const limits = limitsOf(lane.authority, lane.connector);
    const now = clock.now();
    if (limits === null || lane.state.hold !== null) return [];
    const isOpen = lane.state.breaker === 'open';
    if (isOpen && (lane.canary !== null || now < (lane.state.canaryAt ?? 0))) return [];
    let slots = openSlots(lane.nextSlotAt, limits.perMinute, now);
    const free = limits.concurrency - lane.running.size;
    if (free <= 0) return [];
    const keys = new Set<string>();
    return [...lane.rows].filter(({ delivery }) => mayGo(delivery, keys)).toSorted((a, b) => a.delivery.dueAt - b.delivery.dueAt || a.sequence - b.sequence)
      .filter(({ delivery }) => delivery.dueAt <= now && (delivery.state === 'sent' || slots-- > 0)).slice(0, isOpen ? 1 : free);
  }

  function claim({ owner, leaseMs, limit, limitsOf }: ClaimRequest): ClaimedDelivery[] {
    const waiting = inTurn([...lanes.values()], turn).map((lane) => ({ authority: lane.authority, connector: lane.connector, waiting: claimable(lane, limitsOf) }));
    return takeInTurn(waiting, limit).map((row) => {
      const { delivery, journey: { item, flow, results }, step } = row;
      const lane = laneOf(delivery.authority, delivery.connector);
      const perMinute = limitsOf(delivery.authority, delivery.connector)?.perMinute ?? null;
      if (delivery.state === 'ready') {
        if (perMinute !== null) lane.nextSlotAt = slotAfter(lane.nextSlotAt, perMinute, 1, clock.now());
        Object.assign(delivery, { state: 'sending', stateSince: clock.now() });
      }
      Object.assign(delivery, { leaseOwner: owner, leaseUntil: clock.now() + leaseMs, epoch: delivery.epoch + 1 });
      lane.running.add(row);
      if (lane.state.breaker === 'open') lane.canary = row;
      turn = { authority: delivery.authority, connectors: turn.connectors.set(delivery.authority, delivery.connector) };
      return { delivery: { ...delivery }, item, flow, step, results: { ...results }, rejectedStep: rejectedStep(flow, row.journey.rows.map((one) => one.delivery))?.id ?? null, canary: lane.canary === row, connectorFailures: lane.state.failures };
    });
  }

  function bringBack({ delivery, journey, step }: Row, outcome: DeliveryOutcome): void {
    if (!('broughtBack' in outcome)) return;
    const { annexes, fields, reviewState } = outcome.broughtBack;
    journey.results[step.id] = { reference: delivery.remoteReference, state: delivery.state, fields };
    journey.item = { ...journey.item, annexes: [...journey.item.annexes, ...annexes], reviewState: reviewState?.to ?? journey.item.reviewState };
  }

  function follow({ flow, rows: siblings, item }: Journey): void {
    for (const { id, state, reason } of advanceFlow(flow, siblings.map(({ delivery }) => delivery), item.reviewState)) {
      const row = rows.get(id);
      if (row !== undefined) settle(row, { ...row.delivery, state, reason, dueAt: clock.now(), stateSince: clock.now() });
    }
  }

  function settle(row: Row, delivery: Delivery): void {
    row.delivery = { ...delivery };
    const lane = laneOf(delivery.authority, delivery.connector);
    lane.running.delete(row);
    if (FINAL_STATES.has(delivery.state)) lane.rows.delete(row);
    if (lane.canary === row) lane.canary = null;
  }

  const store: MemoryDeliveryStore = {
    outcomes,
    failure: null,
    add(item, change = {}, step = { ...sampleFlow().steps[0]!, connector: change.connector ?? 'out' }) {
      const delivery = sampleDelivery({ authority: item.authority, itemUid: item.uid, state: 'ready', stateSince: clock.now(), dueAt: clock.now(), step: step.id, connector: step.connector, retry: step.retry, ...change });
      return insert(delivery, step, { flow: sampleFlow([step]), item, rows: [], results: {} });
    },
    addFlow(item, flow) {
      const journey: Journey = { flow, item, rows: [], results: {} };
      const ids = [...flow.steps, ...flow.onRejection].map((step, position) => insert(sampleDelivery({
        authority: item.authority, itemUid: item.uid, state: 'waiting', stateSince: clock.now(), dueAt: clock.now(), position, step: step.id,
        connector: step.connector, retry: step.retry, role: flow.steps.includes(step) ? 'step' : 'return',
      }), step, journey));
      follow(journey);
      return ids;
    },
    row: (id) => ({ ...rows.get(id)!.delivery }),
    item: (id) => rows.get(id)!.journey.item,
    connector: (id) => laneOf('default', id).state,
    hold(connector, isHeld) {
      const lane = laneOf('default', connector);
      lane.state = { ...lane.state, hold: isHeld ? { by: 'operator', at: clock.now(), reason: 'maintenance' } : null };
    },
    requestCancel: (id) => void Object.assign(rows.get(id)!.delivery, { cancelRequested: true, dueAt: clock.now() }),
    wasMarked: (id) => void Object.assign(rows.get(id)!.delivery, { markedAt: clock.now() }),
    claim: (request) => (store.failure === null ? Promise.resolve(claim(request)) : Promise.reject(store.failure)),
    async markSent(delivery) {
      const row = await Promise.resolve(held(delivery));
      if (row === undefined || (row.delivery.leaseUntil ?? 0) <= clock.now()) return false;
      row.delivery.markedAt ??= clock.now();
      return true;
    },
    async extendLease(delivery, leaseMs) {
      const row = await Promise.resolve(held(delivery));
      if (row !== undefined) row.delivery.leaseUntil = clock.now() + leaseMs;
      return row !== undefined;
    },
    async finish(delivery, outcome, health) {
      const row = await Promise.resolve(held(delivery));
      if (row === undefined) return false;
      outcomes.push(outcome);
      settle(row, delivered(row.delivery, outcome, clock.now()));
      const lane = laneOf(delivery.authority, delivery.connector);
      const breaker = nextBreaker(lane.state, health, clock.now(), () => 1);
      lane.state = breaker.state;
      bringBack(row, outcome);
      follow(row.journey);
      return { breaker: breaker.change };
    },
    async reap() {
      if (store.failure !== null) throw store.failure;
      const expired = await Promise.resolve([...rows.values()].filter(({ delivery }) => delivery.leaseUntil !== null && delivery.leaseUntil <= clock.now()));
      for (const row of expired) {
        const state = row.delivery.state === 'sending' ? 'ready' : row.delivery.state;
        settle(row, { ...row.delivery, state, dueAt: clock.now(), leaseOwner: null, leaseUntil: null, epoch: row.delivery.epoch + 1 });
      }
      return expired.length;
    },
    nextDueAt(limitsOf) {
      let next = Infinity;
      for (const lane of lanes.values()) {
        const limits = limitsOf(lane.authority, lane.connector);
        if (lane.state.hold !== null || limits === null) continue;
        const from = Math.max(lane.state.breaker === 'open' ? lane.state.canaryAt ?? 0 : 0, limits.perMinute === null ? 0 : lane.nextSlotAt);
        for (const { delivery } of lane.rows) {
          if (isFree(delivery)) next = Math.min(next, Math.max(delivery.dueAt, from));
          if (next <= from) break;
        }
      }
      return Promise.resolve(next === Infinity ? null : next);
    },
  };
  return store;
}

function isFree(delivery: Delivery): boolean {
  return (delivery.state === 'ready' || delivery.state === 'sent') && delivery.leaseOwner === null;
}

/** Asked from the oldest on: of each order key, the first that is not over holds the others. */
function mayGo(delivery: Delivery, keys: Set<string>): boolean {
  const { orderKey, state } = delivery;
  const holdsOthers = orderKey !== null && (state === 'ready' || state === 'sending');
  if (holdsOthers && keys.has(orderKey)) return false;
  if (holdsOthers) keys.add(orderKey);
  return isFree(delivery);
}
