import type { Incident, IncidentKey, IncidentStore, ParkedCount, ParkedDelivery } from '../incidents/store.js';
import { OPEN } from './delivery-filter.js';
import type { TransactionDoor } from './transaction-door.js';

const KEY = 'authority = ? AND kind = ? AND subject = ?';
const LIST = `SELECT authority, kind, subject, opened_at AS "openedAt", told_at AS "toldAt", told_to AS "toldTo", failures, try_at AS "tryAt"
  FROM incident WHERE authority = ? ORDER BY kind, subject`;
const COUNTS = 'SELECT authority, kind, count(*) AS count FROM incident WHERE kind <> \'digest\' GROUP BY authority, kind ORDER BY authority, kind';
const ADD = 'INSERT INTO incident (authority, kind, subject, opened_at, try_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (authority, kind, subject) DO NOTHING';
const CLAIM = `UPDATE incident SET try_at = ? WHERE ${KEY} AND try_at <= ? RETURNING kind`;
const TOLD = `UPDATE incident SET told_at = ?, told_to = ?, failures = 0, try_at = ? WHERE ${KEY}`;
const FAILED = `UPDATE incident SET failures = failures + 1, try_at = ? WHERE ${KEY}`;
const CLOSE = `DELETE FROM incident WHERE ${KEY}`;
/** Lane by lane through `delivery_open`. */
const PARKED_IN_LANES = `FROM connector_state c JOIN delivery d ON d.lane = c.lane AND d.${OPEN} AND d.state = 'parked'`;
const PARKED = `SELECT c.connector, count(*) AS count, max(d.state_since) AS newest ${PARKED_IN_LANES} WHERE c.authority = ? GROUP BY c.connector ORDER BY c.connector`;
const OLDEST = `SELECT d.id, d.item_uid AS "itemUid", i.title AS "itemTitle", d.connector, d.state_since AS since, d.reason, d.fix
  ${PARKED_IN_LANES} JOIN item i ON i.seq = d.item_seq WHERE c.authority = ? ORDER BY d.state_since, d.seq LIMIT ?`;

/** What was told of incidents, beside the deliveries that they are about. */
export function createIncidentStore(door: TransactionDoor): IncidentStore {
  const read = <Row>(sql: string, ...values: unknown[]): Promise<Row[]> => door.read((manager) => manager.query<Row[]>(sql, values));
  const write = (sql: string, ...values: unknown[]): Promise<number> => door.write(async (manager) => {
    const changed = await manager.query<unknown>(sql, values);
    return Array.isArray(changed) ? changed.length : 0;
  });
  return {
    list: (authority) => read<Incident>(LIST, authority),
    counts: () => read(COUNTS),
    open: async (key, openedAt, tryAt) => { await write(ADD, ...valuesOf(key), openedAt, tryAt); },
    claim: async (key, now, until) => await write(CLAIM, until, ...valuesOf(key), now) > 0,
    told: async (key, { at, toldTo, tryAt }) => { await write(TOLD, at, toldTo, tryAt, ...valuesOf(key)); },
    failed: async (key, tryAt) => { await write(FAILED, tryAt, ...valuesOf(key)); },
    close: async (key) => { await write(CLOSE, ...valuesOf(key)); },
    parked: (authority) => read<ParkedCount>(PARKED, authority),
    oldestParked: (authority, limit) => read<ParkedDelivery>(OLDEST, authority, limit),
  };
}

function valuesOf({ authority, kind, subject }: IncidentKey): string[] {
  return [authority, kind, subject];
}
