import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalJson } from '../domain/canonical-json.js';
import { WITHDRAWN_STATES, type DeliveryState } from '../domain/delivery.js';
import type { Forwarding, KnownLink, LinkStore } from '../facade/store.js';
import { isLast } from './delivery-filter.js';
import { NOW } from './engine.js';
import { noteJournal } from './journal-chain.js';
import type { TransactionDoor } from './transaction-door.js';
import { valueList } from './value-list.js';

const FORWARDING = `i.uid, d.connector, d.remote_reference AS "reference", d.state, d.state_since AS since, d.reason, d.fix
  FROM delivery d JOIN item i ON i.seq = d.item_seq`;
const OF_ITEMS = (marks: string): string => `SELECT ${FORWARDING} WHERE d.step = 'forward' AND i.authority = ? AND i.uid IN (${marks}) AND ${isLast('d')}`;
const OF_UPSTREAM = (marks: string): string => `SELECT ${FORWARDING} WHERE d.step = 'forward' AND d.remote_reference IS NOT NULL
  AND d.lane = (SELECT lane FROM connector_state WHERE authority = ? AND connector = ?) AND d.remote_reference IN (${marks}) AND ${isLast('d')}`;
const KNOWN = `SELECT external_identifier AS "externalIdentifier", config_id AS "configId", connector, upstream FROM imported_link
  WHERE authority = ? AND external_identifier = ?`;
const COUNTS = 'SELECT connector, count(*) AS count FROM imported_link WHERE authority = ? GROUP BY connector ORDER BY connector';
const ADD = (rows: number): string => `INSERT INTO imported_link (authority, external_identifier, config_id, connector, upstream)
  VALUES ${Array.from({ length: rows }, () => '(?, ?, ?, ?, ?)').join(', ')} ON CONFLICT DO NOTHING RETURNING connector`;

/** Of one question: nobody names more at once, and a list of any length is cut. */
const PAGE = 256;

interface ForwardingRow {
  readonly uid: string;
  readonly connector: string;
  readonly reference: string | null;
  readonly state: DeliveryState;
  readonly since: number;
  readonly reason: string | null;
  readonly fix: string | null;
}

type LinkRow = Omit<KnownLink, 'upstream'> & { readonly upstream: string };

/** Which of ours is which of theirs: told by the deliveries that forward items, and by what was imported. */
export function createLinkStore(door: TransactionDoor): LinkStore {
  return {
    ofItems: async (authority, uids) => {
      const rows = await inPages(door, uids, (manager, { marks, values }) => manager.query<ForwardingRow[]>(OF_ITEMS(marks), [authority, ...values]));
      return new Map(rows.map((row) => [row.uid, forwardingOf(row)]));
    },
    ofUpstream: async (authority, connector, upstream) => {
      const rows = await inPages(door, upstream, (manager, { marks, values }) => manager.query<ForwardingRow[]>(OF_UPSTREAM(marks), [authority, connector, ...values]));
      return byReference(rows);
    },
    known: (authority, externalIdentifier, configId) => door.read(async (manager) => {
      const rows = configId === null
        ? await manager.query<LinkRow[]>(KNOWN, [authority, externalIdentifier])
        : await manager.query<LinkRow[]>(`${KNOWN} AND config_id = ?`, [authority, externalIdentifier, configId]);
      return rows.map(({ upstream, ...row }) => ({ ...row, upstream: upstream === '' ? null : upstream }));
    }),
    importLinks: (authority, links, actor) => door.write((manager) => importLinks(manager, { authority, links, actor })),
    countLinks: (authority) => door.read(async (manager) => {
      const rows = await manager.query<{ connector: string; count: number }[]>(COUNTS, [authority]);
      return new Map(rows.map(({ connector, count }) => [connector, count]));
    }),
  };
}

async function inPages<Row>(door: TransactionDoor, wanted: readonly string[], read: (manager: EntityManager, list: ReturnType<typeof valueList<string>>) => Promise<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let first = 0; first < wanted.length; first += PAGE) {
    rows.push(...await door.read((manager) => read(manager, valueList(wanted.slice(first, first + PAGE)))));
  }
  return rows;
}

function forwardingOf({ reference, ...row }: ForwardingRow): Forwarding {
  return { ...row, upstream: WITHDRAWN_STATES.has(row.state) ? null : reference };
}

/** Where an item of theirs was forwarded by two of ours, the one that is still there counts, and of several the newest. */
function byReference(rows: readonly ForwardingRow[]): ReadonlyMap<string, Forwarding> {
  const found = new Map<string, Forwarding>();
  const inOrder = rows.toSorted((a, b) => Number(WITHDRAWN_STATES.has(b.state)) - Number(WITHDRAWN_STATES.has(a.state)) || a.since - b.since);
  for (const row of inOrder) if (row.reference !== null) found.set(row.reference, forwardingOf(row));
  return found;
}

interface Import { readonly authority: string; readonly links: readonly KnownLink[]; readonly actor: string }

async function importLinks(manager: EntityManager, { authority, links, actor }: Import): Promise<{ added: number; known: number }> {
  const rows = unique(links);
  let added = 0;
  for (let first = 0; first < rows.length; first += PAGE) {
    const some = rows.slice(first, first + PAGE);
    const kept: unknown[] = await manager.query(ADD(some.length), some.flatMap(({ externalIdentifier, configId, connector, upstream }) => [authority, externalIdentifier, configId, connector, upstream ?? '']));
    added += kept.length;
  }
  const known = links.length - added;
  if (added > 0) await note(manager, { authority, links: rows, actor }, { added, known });
  return { added, known };
}

/** Each once, always in the same order: two processes that import the same do not wait for each other. */
function unique(links: readonly KnownLink[]): KnownLink[] {
  const byName = new Map(links.map((link) => [JSON.stringify([link.externalIdentifier, link.configId, link.connector, link.upstream ?? '']), link]));
  return [...byName].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, link]) => link);
}

/** How many, and what proves which: identifiers may name people. */
async function note(manager: EntityManager, { authority, links, actor }: Import, counts: { readonly added: number; readonly known: number }): Promise<void> {
  const [clock] = await manager.query<{ now: number }[]>(`SELECT ${NOW} AS now`);
  const sha256 = createHash('sha256').update(canonicalJson(links)).digest('hex');
  noteJournal(manager, authority, [{ at: clock?.now ?? 0, actor, item: '', event: 'links.imported', data: { ...counts, sha256 } }]);
}
