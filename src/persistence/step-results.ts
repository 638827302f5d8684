import type { EntityManager } from 'typeorm';
import { rejectedStep } from '../delivery/advance-flow.js';
import { FINAL_STATES } from '../domain/delivery.js';
import type { Flow } from '../domain/flow.js';
import type { StepResult } from '../domain/mapping.js';
import { DeliveryEntity, type DeliveryRow } from './entities.js';
import { rowSelectIn } from './value-list.js';

const selectOfItems = rowSelectIn(DeliveryEntity, (marks) => `WHERE item_seq IN (${marks}) ORDER BY seq`);

type OfFlow = Pick<DeliveryRow, 'itemSeq' | 'flow' | 'step'>;

/** How the other steps of a flow stand, for whoever carries out one of them. */
export interface OtherSteps {
  readonly results: Readonly<Record<string, StepResult>>;
  /** Id of the one that was rejected, if any. */
  readonly rejected: string | null;
}

/** Reads the steps of these items; the returned function tells of those beside a delivery on its flow. */
export async function readOtherSteps(manager: EntityManager, itemSeqs: readonly number[]): Promise<(delivery: OfFlow, flow: Flow) => OtherSteps> {
  const rows = await selectOfItems(manager, [...new Set(itemSeqs)]);
  return (delivery, flow) => {
    const others = rows.filter((row) => row.itemSeq === delivery.itemSeq && row.flow === delivery.flow && row.step !== delivery.step);
    // of a step that was sent again, the last one that came to something counts
    const results = Object.fromEntries(others.filter(hasResult).map((row) => [row.step, { reference: row.remoteReference, state: row.state, reason: row.reason, fields: row.results ?? {} }]));
    return { results, rejected: rejectedStep(flow, others)?.id ?? null };
  };
}

function hasResult(row: DeliveryRow): boolean {
  return row.remoteReference !== null || FINAL_STATES.has(row.state);
}
