import type { EntityManager } from 'typeorm';
import { nextBreaker } from '../delivery/breaker.js';
import type { ConnectorHealth, Finished } from '../delivery/store.js';
import type { ConnectorState } from '../domain/connector-state.js';
import { ConnectorStateEntity } from './entities.js';
import { noteJournal } from './journal-chain.js';
import { connectorStateOf } from './lanes.js';
import { ENGINE } from './note-delivery.js';
import { rowSelect } from './row-access.js';

const selectLane = rowSelect(ConnectorStateEntity, 'WHERE lane = ?');
/** Only if nobody else changed it meanwhile: of two that open it at once, one says so. */
const SET = `UPDATE connector_state SET breaker = ?, failures = ?, opened_at = ?, reason = ?, canary_at = ?
  WHERE lane = ? AND breaker = ? AND failures = ? RETURNING lane`;
/** What was tried while the other side was down goes back to where it stood, so that the backlog drains in order. */
const BACK_IN_ORDER = 'UPDATE delivery SET due_at = created_at WHERE lane = ? AND state = \'ready\' AND reason IS NOT NULL AND due_at > created_at';

export interface BreakerParts {
  /** In [0, 1). */
  readonly random: () => number;
  readonly at: number;
}

/** Tells the breaker of a lane how an attempt went; its state is written only where it changes. */
export async function updateBreaker(manager: EntityManager, lane: number, health: ConnectorHealth, { random, at }: BreakerParts): Promise<Finished['breaker']> {
  if (health.verdict === 'unaffected') return null;
  const [row] = await selectLane(manager, [lane]);
  if (row === undefined) return null;
  const before = connectorStateOf(row);
  const { state: after, change } = nextBreaker(before, health, at, random);
  if (isSame(before, after)) return null;
  const written = await manager.query<unknown[]>(SET, [after.breaker, after.failures, after.openedAt, after.reason, after.canaryAt, lane, before.breaker, before.failures]);
  if (written.length === 0 || change === null) return null;
  if (change === 'closed') await manager.query(BACK_IN_ORDER, [lane]);
  const data = { connector: after.connector, ...(after.reason === null ? {} : { reason: after.reason }) };
  noteJournal(manager, after.authority, [{ at, actor: ENGINE, item: '', event: `breaker.${change}`, data }]);
  return change;
}

function isSame(a: ConnectorState, b: ConnectorState): boolean {
  return a.breaker === b.breaker && a.failures === b.failures && a.reason === b.reason && a.canaryAt === b.canaryAt;
}
