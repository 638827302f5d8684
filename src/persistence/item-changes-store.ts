import type { EntityManager } from 'typeorm';
import type { ItemChanges, StateChange } from '../intake/item-changes.js';
import type { FlowVersions } from './flow-versions.js';
import { followFlow } from './follow-flow.js';
import { addHistoryEvent } from './item-results.js';
import { noteJournal } from './journal-chain.js';
import { FOR_UPDATE, NOW } from './engine.js';
import type { TransactionDoor } from './transaction-door.js';

const FIND = `SELECT seq, review_state AS "reviewState", meeting, ${NOW} AS now FROM item WHERE authority = ? AND uid = ? ${FOR_UPDATE}`;
/** Only from the state that was read: somebody else may have moved it since. */
const MOVE = 'UPDATE item SET review_state = ?, meeting = ?, modified_at = ? WHERE seq = ? AND review_state = ? RETURNING seq';

interface Found { readonly seq: number; readonly reviewState: string; readonly meeting: string | null; readonly now: number }

/** Changes of items after their acceptance. */
export function createItemChanges(door: TransactionDoor, versions: FlowVersions): ItemChanges {
  return { changeState: (change) => door.write((manager) => changeState(manager, versions, change)) };
}

async function changeState(manager: EntityManager, versions: FlowVersions, change: StateChange): Promise<boolean> {
  const { authority, uid, from, to, action, actor, comment } = change;
  const [found] = await manager.query<Found[]>(FIND, [authority, uid]);
  if (found === undefined || (from !== null && found.reviewState !== from)) return false;
  const meeting = change.meeting === undefined ? found.meeting : change.meeting;
  const moved = await manager.query<unknown[]>(MOVE, [to, meeting, found.now, found.seq, found.reviewState]);
  if (moved.length === 0) return false;
  await addHistoryEvent(manager, found.seq, { at: found.now, actor, action, comment, fromState: found.reviewState, toState: to });
  const data = { action, from: found.reviewState, to, ...(meeting === found.meeting ? {} : { meeting }) };
  noteJournal(manager, authority, [{ at: found.now, actor, item: uid, event: 'item.state-changed', data }]);
  await followFlow(manager, versions, { seq: found.seq, uid, authority }, null, found.now, actor);
  return true;
}
