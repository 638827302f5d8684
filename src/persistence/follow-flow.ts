import type { EntityManager } from 'typeorm';
import { advanceFlow, type FlowRow, type StepChange } from '../delivery/advance-flow.js';
import type { Flow } from '../domain/flow.js';
import { damageIn, parkDamaged } from './damaged-delivery.js';
import type { FlowVersionName, FlowVersions } from './flow-versions.js';
import { ENGINE, noteDeliveries } from './note-delivery.js';
import { noteDue } from './transaction-notes.js';
import { FOR_UPDATE, NOW } from './engine.js';

/** Keeps others from changing the item until the commit: two steps that end at once must each see what the other became. */
export const LOCK_ITEM = `SELECT review_state AS "reviewState" FROM item WHERE seq = ? ${FOR_UPDATE}`;
const ROWS = 'SELECT seq, id, step, role, state, marked_at AS "markedAt", flow, flow_version AS "flowVersion" FROM delivery WHERE item_seq = ? ORDER BY seq';
const CHANGE = `UPDATE delivery SET state = ?, reason = ?, fix = NULL, state_since = ${NOW}, due_at = ${NOW}
  WHERE item_seq = ? AND id = ? AND (state = 'waiting' OR (state IN ('ready', 'parked') AND marked_at IS NULL)) RETURNING step`;

/** An item whose review state or deliveries changed. */
export interface ChangedItem {
  readonly seq: number;
  readonly uid: string;
  readonly authority: string;
}

type Row = FlowRow & { readonly seq: number; readonly flow: string; readonly flowVersion: string };

/** Carries out and writes down what follows for the steps of an item. `flow`: only those of this one; null: of every flow. */
export async function followFlow(manager: EntityManager, versions: FlowVersions, item: ChangedItem, flow: string | null, at: number, actor = ENGINE): Promise<void> {
  const [state] = await manager.query<{ reviewState: string }[]>(LOCK_ITEM, [item.seq]);
  const rows = (await manager.query<Row[]>(ROWS, [item.seq])).filter((row) => flow === null || row.flow === flow);
  for (const last of new Map(rows.map((row) => [row.flow, row])).values()) {
    const own = rows.filter((row) => row.flow === last.flow);
    const definition = await definitionOf(manager, versions, { ...last, authority: item.authority }, own, at);
    if (definition === null) continue;
    for (const change of advanceFlow(definition, own, state?.reviewState ?? '')) await apply(manager, item, change, at, actor);
  }
}

/** Null where it is damaged: then nobody knows what comes next, and what waits for its turn would wait for ever. */
async function definitionOf(manager: EntityManager, versions: FlowVersions, name: FlowVersionName, rows: readonly Row[], at: number): Promise<Flow | null> {
  try {
    return await versions.load(manager, name);
  } catch (error) {
    const damage = damageIn(error);
    if (damage === null) throw error;
    await parkDamaged(manager, rows.filter(({ state }) => state === 'waiting').map(({ seq }) => seq), damage, at);
    return null;
  }
}

async function apply(manager: EntityManager, item: ChangedItem, { id, state, reason }: StepChange, at: number, actor: string): Promise<void> {
  const [changed] = await manager.query<{ step: string }[]>(CHANGE, [state, reason, item.seq, id]);
  if (changed === undefined) return;
  const delivery = { id, step: changed.step, authority: item.authority, itemUid: item.uid };
  if (state === 'ready') noteDue(manager, [at]);
  noteDeliveries(manager, [{ delivery, event: `delivery.${state}`, data: reason === null ? {} : { reason } }], at, actor);
}
