import type { EntityManager } from 'typeorm';
import type { DeliveryCount, DeliveryFilter, DeliveryOperations, DeliverySummary } from '../delivery/operations.js';
import { askAboutDeliveries, askAboutReferences, cancelDeliveries, resendDeliveries, retryDeliveries } from './change-deliveries.js';
import { deliveryFilter, filterOrder, OPEN } from './delivery-filter.js';
import { ConnectorStateEntity, DeliveryEntity, withoutColumns } from './entities.js';
import type { FlowVersions } from './flow-versions.js';
import { noteJournal } from './journal-chain.js';
import { connectorStateOf, type LaneOf } from './lanes.js';
import { rowSelect } from './row-access.js';
import { awaitAnswers, settleDeliveries } from './settle-deliveries.js';
import { NOW } from './engine.js';
import type { TransactionDoor } from './transaction-door.js';
import { valueList } from './value-list.js';

const HOLD = `UPDATE connector_state SET hold_by = ?, hold_at = ${NOW}, hold_reason = ? WHERE lane = ? RETURNING ${NOW} AS now`;
const RELEASE = `UPDATE connector_state SET hold_by = NULL, hold_at = NULL, hold_reason = NULL,
    canary_at = CASE WHEN breaker = 'open' THEN ${NOW} ELSE canary_at END
  WHERE lane = ? AND (hold_at IS NOT NULL OR breaker = 'open') RETURNING ${NOW} AS now`;
const COUNTS = `SELECT c.authority, c.connector, d.state, count(*) AS count, min(d.state_since) AS oldest
  FROM connector_state c JOIN delivery d ON d.lane = c.lane AND d.${OPEN}`;

const selectState = rowSelect(ConnectorStateEntity, 'WHERE authority = ? ORDER BY connector');
const selectStates = rowSelect(ConnectorStateEntity, 'ORDER BY authority, connector');

/** So many are changed in one transaction: writers that wait go in between. */
const BATCH = 100;

export interface OperationsParts {
  readonly door: TransactionDoor;
  readonly versions: FlowVersions;
  readonly laneOf: LaneOf;
}

/** What an operator asks of the ledger and does with it. */
export function createDeliveryOperations({ door, versions, laneOf }: OperationsParts): DeliveryOperations {
  /** What is meant is settled first, so that what the change itself brings about is never meant by it. */
  async function changeAll(authority: string, filter: DeliveryFilter, change: (manager: EntityManager, seqs: readonly number[]) => Promise<number>): Promise<number> {
    return inBatches(await door.read((manager) => findSeqs(manager, authority, filter)), change);
  }

  async function inBatches<Meant>(meant: readonly Meant[], change: (manager: EntityManager, some: readonly Meant[]) => Promise<number>): Promise<number> {
    let changed = 0;
    for (let first = 0; first < meant.length; first += BATCH) {
      changed += await door.write((manager) => change(manager, meant.slice(first, first + BATCH)));
    }
    return changed;
  }

  return {
    list: (authority, filter, page) => door.read((manager) => list(manager, authority, filter, page)),
    count: (authority, filter) => door.read((manager) => count(manager, authority, filter)),
    retry: (authority, filter, actor) => changeAll(authority, filter, (manager, seqs) => retryDeliveries(manager, seqs, actor)),
    cancel: (authority, filter, actor, reason) => changeAll(authority, filter, (manager, seqs) => cancelDeliveries(manager, seqs, { versions, actor, reason })),
    resend: (authority, filter, actor, newId) => changeAll(authority, filter, (manager, seqs) => resendDeliveries(manager, seqs, { newId, actor })),
    settle: (authority, filter, actor, finding) => changeAll(authority, filter, (manager, seqs) => settleDeliveries(manager, seqs, { ...finding, versions, actor })),
    awaitAnswer: (authority, filter, actor, finding) => changeAll(authority, filter, (manager, seqs) => awaitAnswers(manager, seqs, { ...finding, actor })),
    ask: (authority, filter) => changeAll(authority, filter, askAboutDeliveries),
    askByReference: (authority, connector, references) => inBatches(references, (manager, some) => askAboutReferences(manager, authority, connector, some)),
    async hold(authority, connector, actor, reason) {
      const lane = await laneOf(authority, connector);
      await door.write(async (manager) => {
        const [held] = await manager.query<{ now: number }[]>(HOLD, [actor, reason, lane]);
        noteJournal(manager, authority, [{ at: held?.now ?? 0, actor, item: '', event: 'connector.held', data: { connector, reason } }]);
      });
    },
    async release(authority, connector, actor) {
      const lane = await laneOf(authority, connector);
      await door.write(async (manager) => {
        const [released] = await manager.query<{ now: number }[]>(RELEASE, [lane]);
        if (released === undefined) return;
        noteJournal(manager, authority, [{ at: released.now, actor, item: '', event: 'connector.released', data: { connector } }]);
      });
    },
    connectorStates: (authority) => door.read(async (manager) => {
      const rows = authority === null ? await selectStates(manager, []) : await selectState(manager, [authority]);
      return rows.map(connectorStateOf);
    }),
    counts: (authority) => door.read((manager) => counts(manager, authority)),
  };
}

async function findSeqs(manager: EntityManager, authority: string, filter: DeliveryFilter): Promise<number[]> {
  const { sql, values } = deliveryFilter(authority, filter);
  const rows = await manager.query<{ seq: number }[]>(`SELECT seq FROM delivery WHERE ${sql} ORDER BY ${filterOrder(filter)}`, [...values]);
  return rows.map(({ seq }) => seq);
}

async function count(manager: EntityManager, authority: string, filter: DeliveryFilter): Promise<number> {
  const { sql, values } = deliveryFilter(authority, filter);
  const [row] = await manager.query<{ count: number }[]>(`SELECT count(*) AS count FROM delivery WHERE ${sql}`, [...values]);
  return row?.count ?? 0;
}

async function list(manager: EntityManager, authority: string, filter: DeliveryFilter, { limit, afterId }: { readonly limit: number; readonly afterId?: string }): Promise<DeliverySummary[]> {
  const { sql, values } = deliveryFilter(authority, filter);
  const behind = afterId === undefined ? { sql: '', values: [] } : { sql: ' AND seq < (SELECT last.seq FROM delivery last WHERE last.id = ? AND last.authority = ?)', values: [afterId, authority] };
  const select = rowSelect(DeliveryEntity, `WHERE ${sql}${behind.sql} ORDER BY ${filterOrder(filter)} DESC LIMIT ?`);
  const rows = await select(manager, [...values, ...behind.values, limit]);
  const items = valueList(rows.map(({ itemSeq }) => itemSeq));
  const titles = await manager.query<{ seq: number; title: string }[]>(`SELECT seq, title FROM item WHERE seq IN (${items.marks})`, items.values);
  const titleOf = new Map(titles.map(({ seq, title }) => [seq, title]));
  return rows.map((row) => ({ ...withoutColumns(row, 'seq', 'itemSeq', 'lane', 'createdAt', 'results'), itemTitle: titleOf.get(row.itemSeq) ?? '' }));
}

async function counts(manager: EntityManager, authority: string | null): Promise<DeliveryCount[]> {
  const where = authority === null ? '' : 'WHERE c.authority = ?';
  return manager.query(`${COUNTS} ${where} GROUP BY c.authority, c.connector, d.state ORDER BY c.authority, c.connector, d.state`, authority === null ? [] : [authority]);
}
