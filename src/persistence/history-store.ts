import type { EntityManager } from 'typeorm';
import type { Item } from '../domain/item.js';
import type { HistoryStore, ItemQuery, ItemStory, ListedItems, Visibility } from '../history/store.js';
import type { Dialect } from './engine.js';
import { DeliveryEntity, HistoryEventEntity, ItemEntity, JournalEntity, withoutColumns } from './entities.js';
import { OPEN } from './delivery-filter.js';
import { itemFilter } from './item-filter.js';
import { readItems } from './read-items.js';
import { joinConditions, type SqlCondition } from './sql-condition.js';
import { matchText } from './text-match.js';
import type { TransactionDoor } from './transaction-door.js';
import { notWithdrawn } from './withdrawn.js';

const PAGE_ITEMS = 200;
/** A page of items with long texts holds fewer of them. */
const PAGE_TEXT_BYTES = 4 * 1024 * 1024;

const LINKED = 'SELECT 1 FROM item i WHERE i.authority = ? AND i.external_identifier = ? AND i.external_identifier <> \'\'';
const PARKED = `seq IN (SELECT d.item_seq FROM connector_state c JOIN delivery d ON d.lane = c.lane AND d.${OPEN} AND d.state = 'parked' WHERE c.authority = ?)`;

interface Hit { readonly seq: number; readonly textBytes: number }

/** The read side: sees what is committed and never waits for writers. */
export function createHistoryStore(door: TransactionDoor): HistoryStore {
  return {
    search: (authority, query, visibility) => search(door, authority, query, visibility),
    isLinked: (authority, externalIdentifier, configId) => door.read(async (manager) => {
      const { sql, values } = joinConditions([...configId === null ? [] : [{ sql: 'i.config_id = ?', values: [configId] }], notWithdrawn('i.seq', authority)], 'AND');
      const found: unknown[] = await manager.query(`${LINKED} AND ${sql} LIMIT 1`, [authority, externalIdentifier, ...values]);
      return found.length > 0;
    }),
    story: (authority, uid) => door.read((manager) => readStory(manager, authority, uid)),
    latest: (authority, limit, wanted = {}) => door.read(async (manager) => {
      const { sql, values } = latestFilter(authority, wanted);
      const rows = await manager.query<{ seq: number }[]>(`SELECT seq FROM item WHERE ${sql} ORDER BY created_at DESC, seq DESC LIMIT ?`, [...values, limit]);
      return readItems(manager, rows.map(({ seq }) => seq));
    }),
  };
}

function latestFilter(authority: string, { reviewState, source, parked }: ListedItems): SqlCondition {
  const conditions: SqlCondition[] = [{ sql: 'authority = ?', values: [authority] }];
  if (reviewState !== undefined) conditions.push({ sql: 'review_state = ?', values: [reviewState] });
  if (source !== undefined) conditions.push({ sql: 'source = ?', values: [source] });
  if (parked === true) conditions.push({ sql: PARKED, values: [authority] });
  return joinConditions(conditions, 'AND');
}

async function* search(door: TransactionDoor, authority: string, query: ItemQuery, visibility: Visibility): AsyncGenerator<Item> {
  const hits = await door.read((manager) => findHits(manager, door.dialect, authority, query, visibility));
  for (const page of pages(hits)) yield* await door.read((manager) => readItems(manager, page));
}

/** Numbers only: a large answer costs a few bytes an item, and each page is read when the one before is used up. */
async function findHits(manager: EntityManager, dialect: Dialect, authority: string, query: ItemQuery, visibility: Visibility): Promise<readonly Hit[]> {
  const text = query.text === undefined || query.text.length === 0 ? null : await matchText(query.text, dialect.text.wordFinder(manager));
  const filter = itemFilter(dialect, { authority, query, text, visibility });
  // the plus keeps the planner from walking through all items in the order of creation instead of using a criterion
  return manager.query(`SELECT i.seq, i.text_bytes AS "textBytes" ${filter.sql} ORDER BY +i.created_at, i.seq`, [...filter.values]);
}

function* pages(hits: readonly Hit[]): Generator<number[]> {
  let page: number[] = [];
  let bytes = 0;
  for (const { seq, textBytes } of hits) {
    page.push(seq);
    bytes += textBytes;
    if (page.length < PAGE_ITEMS && bytes < PAGE_TEXT_BYTES) continue;
    yield page;
    page = [];
    bytes = 0;
  }
  if (page.length > 0) yield page;
}

async function readStory(manager: EntityManager, authority: string, uid: string): Promise<ItemStory | null> {
  const row = await manager.findOne(ItemEntity, { select: { seq: true }, where: { authority, uid } });
  if (row === null) return null;
  const [item] = await readItems(manager, [row.seq]);
  if (item === undefined) return null;
  const events = await manager.find(HistoryEventEntity, { where: { itemSeq: row.seq }, order: { position: 'ASC' } });
  const deliveries = await manager.find(DeliveryEntity, { where: { itemSeq: row.seq }, order: { position: 'ASC', seq: 'ASC' } });
  // ordered here: asked for it, SQLite walks through the whole journal in that order
  const journal = (await manager.findBy(JournalEntity, { authority, item: uid })).toSorted((a, b) => a.sequence - b.sequence);
  return {
    item,
    history: events.map((event) => withoutColumns(event, 'itemSeq', 'position')),
    deliveries: deliveries.map((delivery) => withoutColumns(delivery, 'seq', 'itemSeq')),
    journal,
  };
}
