import type { CouncilItem, CouncilQuery } from '../connector-api/deliberation.js';
import type { Reading } from '../deliberation/backend.js';
import type { ReadItem } from '../deliberation/read-item.js';
import type { SearchCriteria } from '../deliberation/search-items.js';
import type { Item } from '../domain/item.js';
import { upstreamAway } from './away.js';
import type { BackedConfig } from './backed-configs.js';
import { councilQueryFor } from './council-query.js';
import { findByUpstream, findOurs, type FindParts } from './find-item.js';
import type { Seen } from './look.js';
import { notOverThere, underOurUids } from './searched-items.js';

/** Items with one identifier; more are not looked at. */
const MOST = 200;

/** What is looked for, and where. */
export interface IdentifierSearch {
  readonly criteria: SearchCriteria & { readonly externalIdentifier: string };
  readonly served: ReadonlyMap<string, readonly BackedConfig[]>;
  /** What is found of it in the ledger. */
  readonly here: AsyncIterable<ReadItem>;
}

/** Items with an identifier: what the other side finds, and what is known here to be there, be it that it knows no identifiers. This is how
 * callers look for what they sent, and what they miss they send again: throws RELAIS_UPSTREAM_AWAY where nothing is found while not
 * everybody could be asked. */
export async function findByIdentifier(parts: FindParts, reading: Reading, search: IdentifierSearch): Promise<AsyncIterable<ReadItem>> {
  const handedOver = await handedOverItems(parts, reading, search);
  const { told, askedAt, unasked } = await askAll(parts, reading, search, handedOver);
  const found = new Map<string, ReadItem>();
  const add = (read: ReadItem): void => { if (!found.has(read.item.uid)) found.set(read.item.uid, read); };
  for (const items of [notOverThere(parts, reading, search.here, { askedAt, away: new Set() }), ...told]) for await (const read of items) add(read);
  for (const item of handedOver.items.values()) {
    const read = found.has(item.uid) ? undefined : await findOurs(parts, reading, item);
    if (read !== undefined) add(read);
  }
  for await (const read of imported(parts, reading, search, { found, unasked })) add(read);
  const [connector] = unasked;
  if (found.size === 0 && connector !== undefined) throw upstreamAway(connector, 'whether an item has the identifier could not be asked');
  return listed([...found.values()].toSorted((a, b) => a.item.createdAt - b.item.createdAt));
}

interface HandedOver {
  readonly items: ReadonlyMap<string, Item>;
  readonly changedAt: number;
}

/** What each side lists, since when that is known, and which sides did not tell. */
async function askAll(parts: FindParts, reading: Reading, { criteria, served }: IdentifierSearch, handedOver: HandedOver) {
  const unasked = new Set<string>();
  const told: AsyncIterable<ReadItem>[] = [];
  let askedAt = Infinity;
  for (const [connector, configs] of served) {
    const query = councilQueryFor(criteria, configs);
    const seen = await seeAll(parts, reading, { connector, configs, query, notBefore: handedOver.changedAt });
    if (seen === 'not-told') { unasked.add(connector); continue; }
    askedAt = Math.min(askedAt, seen.at);
    told.push(stillSo(handedOver.items, seen, underOurUids(parts, reading, { connector, configs, query }, listed(seen.value))));
  }
  return { told, askedAt, unasked };
}

/** Those that imported links name; a side that did not tell joins `unasked`. */
async function* imported(
  parts: FindParts, reading: Reading, { criteria, served }: IdentifierSearch, { found, unasked }: { readonly found: ReadonlyMap<string, ReadItem>; readonly unasked: Set<string> },
): AsyncGenerator<ReadItem> {
  for (const { connector, configId, upstream } of await parts.links.known(reading.authority.id, criteria.externalIdentifier, null)) {
    const isAsked = served.get(connector)?.some(({ id }) => id === configId) ?? false;
    if (upstream === null || !isAsked || found.has(upstream)) continue;
    const read = await findByUpstream(parts, reading, connector, upstream);
    if (read === 'not-told') unasked.add(connector);
    else if (read !== undefined) yield read;
  }
}

/** Ours that the other side was given, whoever may see them, and when anything last happened to one of them. */
async function handedOverItems({ history, links }: FindParts, { authority }: Reading, { criteria: { externalIdentifier }, served }: IdentifierSearch): Promise<HandedOver> {
  const configs = new Set([...served.values()].flat().map(({ id }) => id));
  const items = new Map<string, Item>();
  for await (const item of history.search(authority.id, { externalIdentifier }, 'everything')) if (configs.has(item.configId)) items.set(item.uid, item);
  let changedAt = 0;
  for (const { uid, upstream, since } of (await links.ofItems(authority.id, [...items.keys()])).values()) {
    if (upstream === null) items.delete(uid);
    else changedAt = Math.max(changedAt, since, items.get(uid)?.modifiedAt ?? 0);
  }
  return { items, changedAt };
}

interface Sought { readonly connector: string; readonly configs: readonly BackedConfig[]; readonly query: CouncilQuery; readonly notBefore: number }

/** A side that refuses, as for a reader whom it does not know, has nothing to show. */
async function seeAll({ look, clock }: FindParts, { reader, freshForMs }: Reading, { connector, configs, query, notBefore }: Sought): Promise<Seen<readonly CouncilItem[]> | 'not-told'> {
  const limits = {
    readTimeoutMs: Math.max(...configs.map(({ backend }) => backend.readTimeoutMs)),
    freshForMs: freshForMs ?? Math.min(...configs.map(({ backend }) => backend.freshForMs)), notBefore,
  };
  const seen = await look.see(connector, ['search', JSON.stringify(query), reader.id], limits, async ({ deliberation, settings, context }, signal) => {
    const items: CouncilItem[] = [];
    for await (const item of deliberation.search(query, reader.id, settings, context(signal))) if (items.push(item) === MOST) break;
    return items;
  });
  if (typeof seen === 'string') return 'not-told';
  // What was not there once may have come since.
  if ('value' in seen && seen.value.length === 0 && seen.freshness !== 'fresh') return 'not-told';
  return 'refused' in seen ? { value: [], at: clock.now(), freshness: 'fresh' } : seen;
}

/** Without ours where the list is an older copy: each is then looked at by itself, because more may be known of it here. */
async function* stillSo(handedOver: ReadonlyMap<string, Item>, { freshness }: Seen<unknown>, reads: AsyncIterable<ReadItem>): AsyncGenerator<ReadItem> {
  for await (const read of reads) if (freshness === 'fresh' || !handedOver.has(read.item.uid)) yield read;
}

async function* listed<Value>(values: readonly Value[]): AsyncGenerator<Value> {
  for (const value of values) yield await Promise.resolve(value);
}
