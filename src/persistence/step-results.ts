import type { EntityManager } from 'typeorm';
import { FINAL_STATES } from '../domain/delivery.js';
import type { StepResult } from '../domain/mapping.js';
import { DeliveryEntity, type DeliveryRow } from './entities.js';
import { rowSelectIn } from './value-list.js';

const selectOfItems = rowSelectIn(DeliveryEntity, (marks) => `WHERE item_seq IN (${marks}) ORDER BY seq`);

type OfFlow = Pick<DeliveryRow, 'itemSeq' | 'flow' | 'step'>;

/** What came of the steps of these items, for whoever carries out another step: see the returned function. */
export async function readStepResults(manager: EntityManager, itemSeqs: readonly number[]): Promise<(delivery: OfFlow) => Readonly<Record<string, StepResult>>> {
  const rows = (await selectOfItems(manager, [...new Set(itemSeqs)])).filter(hasResult);
  return (delivery) => {
    const others = rows.filter((row) => row.itemSeq === delivery.itemSeq && row.flow === delivery.flow && row.step !== delivery.step);
    // of a step that was sent again, the last one that came to something counts
    return Object.fromEntries(others.map((row) => [row.step, { reference: row.remoteReference, state: row.state, fields: row.results ?? {} }]));
  };
}

function hasResult(row: DeliveryRow): boolean {
  return row.remoteReference !== null || FINAL_STATES.has(row.state);
}
