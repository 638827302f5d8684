import type { EntityManager } from 'typeorm';
import { waitForLoad } from '../delivery/load-wait.js';
import type { Gathering } from '../delivery/store.js';
import { NOW } from './engine.js';
import { noteDue } from './transaction-notes.js';

/** Those that leave with the next load of a lane and a group: all but those that failed and are not to be tried yet. */
export const WAITING_FOR_LOAD = `lane = ? AND load_group = ? AND state = 'ready' AND (apart = 0 OR due_at <= ${NOW})`;
const TOTALS = `SELECT count(*) AS count, sum(load_weight) AS weight, min(gathered_at) AS since FROM delivery WHERE ${WAITING_FOR_LOAD}`;
const SET_DUE = 'UPDATE delivery SET due_at = ?, reason = ? WHERE seq = ?';

export interface GatheredRow {
  readonly seq: number;
  readonly lane: number;
  readonly now: number;
}

/** Sets when the load leaves for which a delivery was just gathered; resolves with what the journal is to say. Of two that are
 * gathered at once, the second sees the first. */
export async function awaitLoad(manager: EntityManager, { seq, lane, now }: GatheredRow, load: Gathering, lockKey: string | null): Promise<{ readonly dueAt: number; readonly reason: string }> {
  if (lockKey !== null) await manager.query(lockKey, [`load ${lane} ${load.group}`]);
  const [totals] = await manager.query<{ count: number; weight: number; since: number }[]>(TOTALS, [lane, load.group]);
  const wait = waitForLoad(load, { count: totals?.count ?? 1, weight: totals?.weight ?? load.weight, since: totals?.since ?? now }, now);
  await manager.query(SET_DUE, [wait.dueAt, wait.reason, seq]);
  noteDue(manager, [wait.dueAt]);
  return wait;
}
