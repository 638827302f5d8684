import type { EntityManager } from 'typeorm';
import { RelaisError } from '../errors.js';
import { NOW } from './engine.js';
import { noteDeliveries, type NotedDelivery } from './note-delivery.js';
import { valueList } from './value-list.js';

/** With the id of the delivery in between. */
const FIX = ['Put back what is missing from a backup and start it again: relais deliveries retry ', '; or give it up: relais deliveries cancel ', ''] as const;
const PARK = (marks: string): string => `UPDATE delivery SET state = 'parked', state_since = ${NOW}, lease_owner = NULL, lease_until = NULL, load_group = NULL, reason = ?, fix = ? || id || ? || id || ?
  WHERE seq IN (${marks}) RETURNING id, fix, authority, item_uid AS "itemUid", step`;

/** What is damaged, in plain words, if that is why something could not be read; null: it failed for another reason. */
export function damageIn(error: unknown): string | null {
  if (error instanceof RelaisError && error.code === 'RELAIS_STORE_CORRUPT') return error.message;
  // a column that holds JSON, no more
  return error instanceof SyntaxError ? 'a part of it cannot be read' : null;
}

/** Deliveries that nobody can carry out, because what is kept of them is damaged, stop here; the others must not stop with
 * them. A mark stays. */
export async function parkDamaged(manager: EntityManager, seqs: readonly number[], damage: string, at: number): Promise<void> {
  const { marks, values } = valueList(seqs);
  const reason = `The store is damaged: ${damage}.`;
  const parked = await manager.query<(NotedDelivery & { readonly fix: string })[]>(PARK(marks), [reason, ...FIX, ...values]);
  noteDeliveries(manager, parked.map((delivery) => ({ delivery, event: 'delivery.parked', data: { reason, fix: delivery.fix } })), at);
}
