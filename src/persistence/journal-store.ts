import type { EntityManager } from 'typeorm';
import { Between, MoreThan } from 'typeorm';
import type { StampedSeal } from '../journal/seal.js';
import type { JournalLag, JournalStore } from '../journal/store.js';
import { JournalEntity } from './entities.js';
import type { TransactionDoor } from './transaction-door.js';

const SEAL = 'SELECT authority, number, first_entry AS "from", last_entry AS "to", root, previous, at, token FROM journal_seal WHERE authority = ?';
/** One authority after the other through the index, instead of reading the whole journal. */
const AUTHORITIES = `WITH RECURSIVE known (authority) AS (
    SELECT min(authority) FROM journal
    UNION ALL
    SELECT (SELECT min(authority) FROM journal WHERE authority > known.authority) FROM known WHERE known.authority IS NOT NULL)
  SELECT authority FROM known WHERE authority IS NOT NULL`;
const ADD = `INSERT INTO journal_seal (authority, number, first_entry, last_entry, root, previous, at, token) VALUES (?, ?, ?, ?, ?, ?, ?, NULL)
  ON CONFLICT (authority, number) DO NOTHING RETURNING number`;
const ADD_TOKEN = 'UPDATE journal_seal SET token = ? WHERE authority = ? AND number = ? AND token IS NULL';
const SEALED_TO = 'SELECT last_entry AS "sealedTo" FROM journal_seal WHERE authority = ? ORDER BY number DESC LIMIT 1';
const LAST_ENTRY = 'SELECT sequence FROM journal WHERE authority = ? ORDER BY sequence DESC LIMIT 1';
const ENTRY_TIME = 'SELECT at FROM journal WHERE authority = ? AND sequence = ?';
const UNSTAMPED = 'SELECT count(*) AS waiting, min(at) AS oldest FROM journal_seal WHERE authority = ? AND token IS NULL';

/** The journal as sealing, verifying and exporting see it; reads what is committed. */
export function createJournalStore(door: TransactionDoor): JournalStore {
  const seals = (rest: string, values: readonly unknown[]): Promise<StampedSeal[]> => door.read((manager) => manager.query(`${SEAL} ${rest}`, [...values]));
  return {
    authorities: () => door.read(async (manager) => (await manager.query<{ authority: string }[]>(AUTHORITIES)).map(({ authority }) => authority)),
    entries: (authority, after, limit) => door.read((manager) => manager.find(JournalEntity, { where: { authority, sequence: MoreThan(after) }, order: { sequence: 'ASC' }, take: limit })),
    // ordered here: asked for it, SQLite walks through the whole journal in that order
    entriesOf: (authority, item) => door.read(async (manager) => (await manager.findBy(JournalEntity, { authority, item })).toSorted((a, b) => a.sequence - b.sequence)),
    hashes: (authority, from, to) => door.read(async (manager) => {
      const rows = await manager.find(JournalEntity, { select: { hash: true, sequence: true, authority: true }, where: { authority, sequence: Between(from, to) }, order: { sequence: 'ASC' } });
      return rows.map(({ hash }) => hash);
    }),
    seals: (authority, after, limit) => seals('AND number > ? ORDER BY number LIMIT ?', [authority, after, limit]),
    lastSeal: async (authority) => (await seals('ORDER BY number DESC LIMIT 1', [authority]))[0] ?? null,
    unstamped: (authority, limit) => seals('AND token IS NULL ORDER BY number LIMIT ?', [authority, limit]),
    addSeal: ({ authority, number, from, to, root, previous, at }) => door.write(async (manager) => {
      const added: unknown[] = await manager.query(ADD, [authority, number, from, to, root, previous, at]);
      return added.length > 0;
    }),
    addToken: (authority, number, token) => door.write(async (manager) => { await manager.query(ADD_TOKEN, [token, authority, number]); }),
    lag: (authority) => door.read((manager) => lag(manager, authority)),
  };
}

async function lag(manager: EntityManager, authority: string): Promise<JournalLag> {
  const [{ sealedTo } = { sealedTo: 0 }] = await manager.query<{ sealedTo: number }[]>(SEALED_TO, [authority]);
  const [last] = await manager.query<{ sequence: number }[]>(LAST_ENTRY, [authority]);
  const [oldest] = await manager.query<{ at: number }[]>(ENTRY_TIME, [authority, sealedTo + 1]);
  const [stamps] = await manager.query<{ waiting: number; oldest: number | null }[]>(UNSTAMPED, [authority]);
  return {
    unsealed: Math.max(0, (last?.sequence ?? 0) - sealedTo), oldestUnsealed: oldest?.at ?? null,
    unstamped: stamps?.waiting ?? 0, oldestUnstamped: stamps?.oldest ?? null,
  };
}
