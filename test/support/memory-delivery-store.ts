import { advanceFlow, rejectedStep } from '../../src/delivery/advance-flow.js';
import { nextBreaker } from '../../src/delivery/breaker.js';
import { waitForLoad } from '../../src/delivery/load-wait.js';
import { openSlots, slotAfter } from '../../src/delivery/rate.js';
import type { Claim, ClaimedDelivery, ClaimRequest, DeliveryOutcome, DeliveryStore } from '../../src/delivery/store.js';
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
interface Waiting { readonly group: string; readonly weight: number; readonly count: number; readonly at: number; apart: boolean }
interface Row { readonly sequence: number; readonly step: Step; readonly journey: Journey; delivery: Mutable<Delivery>; load: Waiting | null; slot: Row | null }
/** What goes in one slot. */
type Unit = readonly [Row, ...Row[]];
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
  /** As another node does when it thinks that this one is gone. */
  takeOver(id: string): void;
  /** As an operator who retries it does. */
  hurry(id: string): void;
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
    const row: Row = { sequence: rows.size, step, journey, delivery: { ...delivery, id: `delivery-${rows.size + 1}`, leaseOwner: null, leaseUntil: null, epoch: 0 }, load: null, slot: null };
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

  function claimable(lane: Lane, limitsOf: ClaimRequest['limitsOf']): Unit[] {
    const limits = limitsOf(lane.authority, lane.connector);
    const now = clock.now();
    if (limits === null || lane.state.hold !== null) return [];
    const isOpen = lane.state.breaker === 'open';
    if (isOpen && (lane.canary !== null || now < (lane.state.canaryAt ?? 0))) return [];
    let slots = openSlots(lane.nextSlotAt, limits.perMinute, now);
    const free = limits.concurrency - new Set([...lane.running].map(({ slot }) => slot)).size;
    if (free <= 0) return [];
    const keys = new Set<string>();
    const waiting = [...lane.rows].filter(({ delivery, load }) => mayGo(delivery, load !== null, keys)).toSorted((a, b) => a.delivery.dueAt - b.delivery.dueAt || a.sequence - b.sequence);
    return unitsOf(waiting, limits.askTogether ?? 1, now)
      .filter(([first]) => first.delivery.state === 'sent' || (limits.gathers === true && first.load === null) || slots-- > 0).slice(0, isOpen ? 1 : free);
  }

  /** Alone, or with those that are to be asked about soon, or that wait for the same load. */
  function unitsOf(waiting: readonly Row[], askTogether: number, now: number): Unit[] {
    const used = new Set<Row>();
    return waiting.flatMap((first): Unit[] => {
      if (used.has(first) || first.delivery.dueAt > now) return [];
      const isAsked = ({ delivery }: Row): boolean => delivery.state === 'sent' && !delivery.cancelRequested;
      const isBound = ({ load, delivery }: Row): boolean => load?.group === first.load?.group && (load?.apart !== true || delivery.dueAt <= now);
      const others = waiting.filter((row) => row !== first && !used.has(row));
      const unit = first.load !== null ? [first, ...others.filter((row) => row.load !== null && isBound(row))].toSorted((a, b) => (a.load?.at ?? 0) - (b.load?.at ?? 0) || a.sequence - b.sequence).slice(0, first.load.count)
        : isAsked(first) ? [first, ...others.filter((row) => isAsked(row) && row.delivery.dueAt <= now + 60_000)].slice(0, askTogether)
          : [first];
      for (const row of unit) used.add(row);
      return [unit as [Row, ...Row[]]];
    });
  }

  function claim({ owner, leaseMs, limit, limitsOf }: ClaimRequest): Claim[] {
    const waiting = inTurn([...lanes.values()], turn).map((lane) => ({ authority: lane.authority, connector: lane.connector, waiting: claimable(lane, limitsOf) }));
    return takeInTurn(waiting, limit).map((unit) => {
      const [{ delivery: { authority, connector } }] = unit;
      const lane = laneOf(authority, connector);
      const perMinute = limitsOf(authority, connector)?.perMinute ?? null;
      const counts = unit[0].delivery.state === 'ready' && (unit[0].load !== null || limitsOf(authority, connector)?.gathers !== true);
      if (counts && perMinute !== null) lane.nextSlotAt = slotAfter(lane.nextSlotAt, perMinute, 1, clock.now());
      turn = { authority, connectors: turn.connectors.set(authority, connector) };
      if (lane.state.breaker === 'open') lane.canary = unit[0];
      const lease = (row: Row): ClaimedDelivery => {
        const { delivery, journey: { item, flow, results }, step } = row;
        if (delivery.state === 'ready') Object.assign(delivery, { state: 'sending', stateSince: clock.now() });
        Object.assign(delivery, { leaseOwner: owner, leaseUntil: clock.now() + leaseMs, epoch: delivery.epoch + 1 });
        row.slot = unit[0];
        lane.running.add(row);
        return {
          delivery: { ...delivery }, item, flow, step, results: { ...results }, gathered: row.load !== null, canary: lane.canary === unit[0], connectorFailures: lane.state.failures,
          rejectedStep: rejectedStep(flow, row.journey.rows.map((one) => one.delivery))?.id ?? null,
        };
      };
      const [first, ...companions] = unit;
      return { ...lease(first), companions: companions.map(lease) };
    });
  }

  /** As finish does it in the store. */
  function gather(row: Row, outcome: DeliveryOutcome): void {
    if (outcome.state !== 'gathered') {
      if (row.load !== null && (row.delivery.state !== 'ready' || row.delivery.markedAt !== null)) row.load = null;
      if (row.load !== null) row.load.apart = true;
      return;
    }
    const { load: { group, weight, limits } } = outcome;
    row.load = { group, weight, count: limits.count, at: row.load?.group === group ? row.load.at : clock.now(), apart: false };
    const others = [...laneOf(row.delivery.authority, row.delivery.connector).rows].flatMap((one) => (one.delivery.state === 'ready' && one.load?.group === group && (!one.load.apart || one.delivery.dueAt <= clock.now()) ? [one.load] : []));
    Object.assign(row.delivery, waitForLoad(outcome.load, { count: others.length, weight: others.reduce((sum, one) => sum + one.weight, 0), since: Math.min(...others.map(({ at }) => at)) }, clock.now()));
  }

  function bringBack({ delivery, journey, step }: Row, outcome: DeliveryOutcome): void {
    if (!('broughtBack' in outcome)) return;
    const { annexes, fields, item = {}, reviewState } = outcome.broughtBack;
    journey.results[step.id] = { reference: delivery.remoteReference, state: delivery.state, fields: { ...journey.results[step.id]?.fields, ...fields } };
    journey.item = { ...journey.item, ...item, annexes: [...journey.item.annexes, ...annexes], reviewState: reviewState?.to ?? item.reviewState ?? journey.item.reviewState };
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
    if (lane.canary === row || row.slot === lane.canary) lane.canary = null;
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
    takeOver: (id) => void Object.assign(rows.get(id)!.delivery, { leaseOwner: 'another', epoch: rows.get(id)!.delivery.epoch + 1 }),
    hurry: (id) => void Object.assign(rows.get(id)!.delivery, { dueAt: clock.now() }),
    wasMarked: (id) => void Object.assign(rows.get(id)!.delivery, { markedAt: clock.now() }),
    claim: (request) => (store.failure === null ? Promise.resolve(claim(request)) : Promise.reject(store.failure)),
    async markSent(...deliveries) {
      const marked = await Promise.resolve(deliveries.map(held));
      if (marked.some((row) => row === undefined || (row.delivery.leaseUntil ?? 0) <= clock.now())) return false;
      for (const row of marked) if (row !== undefined) row.delivery.markedAt ??= clock.now();
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
      gather(row, outcome);
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
        if (row.delivery.markedAt !== null) row.load = null;
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
function mayGo(delivery: Delivery, waitsForLoad: boolean, keys: Set<string>): boolean {
  const { orderKey, state } = delivery;
  const holdsOthers = orderKey !== null && !waitsForLoad && (state === 'ready' || state === 'sending');
  if (holdsOthers && keys.has(orderKey)) return false;
  if (holdsOthers) keys.add(orderKey);
  return isFree(delivery);
}
