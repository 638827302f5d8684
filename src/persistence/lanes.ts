import type { EntityManager } from 'typeorm';
import type { ConnectorState } from '../domain/connector-state.js';
import { RelaisError } from '../errors.js';
import type { ConnectorStateRow } from './entities.js';
import type { TransactionDoor } from './transaction-door.js';

const ADD = 'INSERT INTO connector_state (authority, connector) VALUES (?, ?) ON CONFLICT (authority, connector) DO NOTHING';
const FIND = 'SELECT lane FROM connector_state WHERE authority = ? AND connector = ?';

/** Resolves with the number of the lane in which deliveries of a connector wait, once it is on disk. */
export type LaneOf = (authority: string, connector: string) => Promise<number>;

/** Lanes are made when they are first needed, in a transaction of their own: a number that is remembered must not be undone
 * with whatever needed it. As many are remembered as connectors are configured. */
export function createLanes(door: TransactionDoor): LaneOf {
  const known = new Map<string, Promise<number>>();
  return (authority, connector) => {
    const key = JSON.stringify([authority, connector]);
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const finding = door.write((manager) => findLane(manager, authority, connector));
    known.set(key, finding);
    finding.catch(() => { known.delete(key); });
    return finding;
  };
}

async function findLane(manager: EntityManager, authority: string, connector: string): Promise<number> {
  await manager.query(ADD, [authority, connector]);
  const [row] = await manager.query<{ lane: number }[]>(FIND, [authority, connector]);
  if (row === undefined) throw new RelaisError('RELAIS_STORE_CORRUPT', `connector «${connector}» of authority «${authority}» has no row`);
  return row.lane;
}

/** What the domain knows of a connector. */
export function connectorStateOf(row: ConnectorStateRow): ConnectorState {
  const { authority, connector, breaker, failures, openedAt, reason, canaryAt, holdBy, holdAt, holdReason } = row;
  const hold = holdAt === null ? null : { by: holdBy ?? '', at: holdAt, reason: holdReason ?? '' };
  return { authority, connector, breaker, failures, openedAt, reason, canaryAt, hold };
}
