import type { EntityManager } from 'typeorm';
import type { RetentionRule } from '../domain/authority.js';
import type { PurgeCandidate, Purged, RetentionStore } from '../retention/store.js';
import { FOR_UPDATE, NOW } from './engine.js';
import { among, OPEN } from './delivery-filter.js';
import { noteJournal } from './journal-chain.js';
import { joinConditions, type SqlCondition } from './sql-condition.js';
import type { TextIndex } from './text-index.js';
import type { TransactionDoor } from './transaction-door.js';

const DAY_MS = 24 * 3_600_000;

const COLUMNS = 'i.uid, i.title, i.kind, i.review_state AS "reviewState", i.modified_at AS "modifiedAt"';
const OVER = `NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item_seq = i.seq AND (d.${OPEN} OR d.state_since > ?))`;
const BEHIND = '(i.created_at, i.seq) > (SELECT a.created_at, a.seq FROM item a WHERE a.uid = ?)';

const LOCK = `SELECT seq FROM item WHERE authority = ? AND uid = ? ${FOR_UPDATE}`;
const EMPTY = `UPDATE item SET description = '', detailed_description = '', motivation = '', decision = '', extra = '{}', text_bytes = length(title), purged_at = ${NOW}
  WHERE authority = ? AND uid = ? AND purged_at IS NULL AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.item_seq = item.seq AND d.${OPEN})
  RETURNING seq, ${NOW} AS now`;
const FORGET_RESULTS = 'UPDATE delivery SET results = NULL, receipt_data = NULL WHERE item_seq = ?';
const ANNEXES = 'SELECT filename, size, sha256, role FROM annex WHERE item_seq = ? ORDER BY position';

/** What the rules of retention need of the store. */
export function createRetentionStore(door: TransactionDoor): RetentionStore {
  return {
    due: (authority, rule, now, page) => door.read((manager) => due(manager, authority, rule, now, page)),
    purge: (authority, uid, actor) => door.write((manager) => purge(manager, door.dialect.text, { authority, uid, actor })),
  };
}

async function due(manager: EntityManager, authority: string, rule: RetentionRule, now: number, page: { readonly limit: number; readonly afterUid?: string }): Promise<PurgeCandidate[]> {
  const before = now - rule.days * DAY_MS;
  const conditions: SqlCondition[] = [
    // created before it was last changed: the index is on the creation
    { sql: 'i.authority = ? AND i.created_at <= ? AND i.modified_at <= ? AND i.purged_at IS NULL', values: [authority, before, before] },
    { sql: OVER, values: [before] },
    ...rule.kind.length === 0 ? [] : [among('i.kind', rule.kind)],
    ...rule.state.length === 0 ? [] : [among('i.review_state', rule.state)],
    ...page.afterUid === undefined ? [] : [{ sql: BEHIND, values: [page.afterUid] }],
  ];
  const { sql, values } = joinConditions(conditions, 'AND');
  return manager.query(`SELECT ${COLUMNS} FROM item i WHERE ${sql} ORDER BY i.created_at, i.seq LIMIT ?`, [...values, page.limit]);
}

interface Purge { readonly authority: string; readonly uid: string; readonly actor: string }

async function purge(manager: EntityManager, index: TextIndex, { authority, uid, actor }: Purge): Promise<Purged | false> {
  // whoever sends a delivery of it again at this moment comes before or after, not in between
  await manager.query(LOCK, [authority, uid]);
  const [emptied] = await manager.query<{ seq: number; now: number }[]>(EMPTY, [authority, uid]);
  if (emptied === undefined) return false;
  await index.remove(manager, emptied.seq);
  await manager.query(FORGET_RESULTS, [emptied.seq]);
  const annexes = (await manager.query<{ filename: string; size: number; sha256: string; role: string | null }[]>(ANNEXES, [emptied.seq]))
    .map(({ role, ...annex }) => (role === null ? annex : { ...annex, role }));
  noteJournal(manager, authority, [{ at: emptied.now, actor, item: uid, event: 'item.purged', data: { annexes } }]);
  return { annexes: annexes.length, bytes: annexes.reduce((sum, { size }) => sum + size, 0) };
}
