import type { EntityManager } from 'typeorm';
import type { ClaimedDelivery } from '../delivery/store.js';
import type { Flow, Step } from '../domain/flow.js';
import { RelaisError } from '../errors.js';
import { damageIn, parkDamaged } from './damaged-delivery.js';
import type { DueLane } from './due-lanes.js';
import { DeliveryEntity, withoutColumns, type DeliveryRow } from './entities.js';
import type { FlowVersions } from './flow-versions.js';
import { readItems } from './read-items.js';
import { readOtherSteps } from './step-results.js';
import { rowSelectIn } from './value-list.js';

/** A delivery that was just leased. */
export interface Leased {
  readonly seq: number;
  readonly lane: Pick<DueLane, 'breaker' | 'failures'>;
  readonly gathered: boolean;
}

/** What was leased, complete, by `seq`. */
export type Completed = ReadonlyMap<number, ClaimedDelivery>;

export interface CompletionParts {
  readonly versions: FlowVersions;
  /** The store's time. */
  readonly at: number;
}

const selectDeliveries = rowSelectIn(DeliveryEntity, (marks) => `WHERE seq IN (${marks})`);

/** Adds the item, the step and what the other steps brought back. A delivery of which something is damaged in the store is
 * parked, and the others go on. */
export async function completeClaims(manager: EntityManager, leased: readonly Leased[], parts: CompletionParts): Promise<Completed> {
  try {
    return await complete(manager, leased, parts.versions);
  } catch (error) {
    const damage = damageIn(error);
    if (damage === null) throw error;
    if (leased.length === 1) {
      await parkDamaged(manager, leased.map(({ seq }) => seq), damage, parts.at);
      return new Map();
    }
  }
  const sound: [number, ClaimedDelivery][] = [];
  for (const one of leased) sound.push(...await completeClaims(manager, [one], parts));
  return new Map(sound);
}

async function complete(manager: EntityManager, leased: readonly Leased[], versions: FlowVersions): Promise<Completed> {
  const rows = new Map((await selectDeliveries(manager, leased.map(({ seq }) => seq))).map((row) => [row.seq, row]));
  const taken = leased.flatMap(({ seq, ...how }) => {
    const row = rows.get(seq);
    return row === undefined ? [] : [{ row, ...how }];
  });
  const items = new Map((await readItems(manager, [...new Set(taken.map(({ row }) => row.itemSeq))])).map((item) => [item.uid, item]));
  const flows = new Map<DeliveryRow, Flow>();
  for (const { row } of taken) flows.set(row, await versions.load(manager, row));
  const shared = taken.filter(({ row }) => stepsOf(flows.get(row)).length > 1);
  const others = await readOtherSteps(manager, shared.map(({ row }) => row.itemSeq));
  return new Map(taken.map(({ row, lane, gathered }) => {
    const flow = flows.get(row);
    const step = stepsOf(flow).find(({ id }) => id === row.step);
    const item = items.get(row.itemUid);
    if (flow === undefined || step === undefined) throw new RelaisError('RELAIS_STORE_CORRUPT', `version ${row.flowVersion} of flow «${row.flow}» has no step «${row.step}»`);
    if (item === undefined) throw new RelaisError('RELAIS_STORE_CORRUPT', `delivery ${row.id} belongs to no item`);
    const delivery = withoutColumns(row, 'seq', 'itemSeq', 'lane', 'createdAt', 'results');
    const { results, rejected } = others(row, flow);
    return [row.seq, { delivery, item, flow, step, results, rejectedStep: rejected, gathered, canary: lane.breaker === 'open', connectorFailures: lane.failures }];
  }));
}

function stepsOf(flow: Flow | undefined): readonly Step[] {
  return flow === undefined ? [] : [...flow.steps, ...flow.onRejection];
}
