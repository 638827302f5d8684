import type { CopyStore } from '../facade/store.js';
import type { TransactionDoor } from './transaction-door.js';

const OF_KIND = 'authority = ? AND connector = ? AND kind = ?';
const READ = `SELECT value, read_at AS at FROM upstream_copy WHERE ${OF_KIND} AND key = ?`;
const WRITE = `INSERT INTO upstream_copy (authority, connector, kind, key, value, read_at) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (authority, connector, kind, key) DO UPDATE SET value = excluded.value, read_at = excluded.read_at`;
const DROP_OLD = `DELETE FROM upstream_copy WHERE ${OF_KIND} AND read_at < ?`;
/** Those of the same moment go together. */
const DROP_BEYOND = `DELETE FROM upstream_copy WHERE ${OF_KIND}
  AND read_at <= (SELECT read_at FROM upstream_copy WHERE ${OF_KIND} ORDER BY read_at DESC LIMIT 1 OFFSET ?)`;

interface CopyRow { readonly value: string; readonly at: number }

/** What was read of the systems behind meeting configs. */
export function createUpstreamCopies(door: TransactionDoor): CopyStore {
  return {
    read: (authority, connector, kind, key) => door.read(async (manager) => {
      const [row] = await manager.query<CopyRow[]>(READ, [authority, connector, kind, key]);
      return row === undefined ? null : { value: JSON.parse(row.value) as unknown, at: row.at };
    }),
    write: (authority, connector, kind, key, value, at) => door.write(async (manager) => {
      await manager.query(WRITE, [authority, connector, kind, key, JSON.stringify(value), at]);
    }),
    tidy: (authority, connector, kind, { before, atMost }) => door.write(async (manager) => {
      const place = [authority, connector, kind];
      await manager.query(DROP_OLD, [...place, before]);
      await manager.query(DROP_BEYOND, [...place, ...place, atMost]);
    }),
  };
}
