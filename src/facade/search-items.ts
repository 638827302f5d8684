import type { CouncilItem, CouncilQuery } from '../connector-api/deliberation.js';
import { isFailure } from '../connector-api/failures.js';
import type { Reading } from '../deliberation/backend.js';
import type { ReadItem } from '../deliberation/read-item.js';
import { configOf, type SearchCriteria } from '../deliberation/search-items.js';
import { upstreamAway } from './away.js';
import { servedConfigs, type BackedConfig } from './backed-configs.js';
import { asksForIdentifier, councilQueryFor } from './council-query.js';
import { findByIdentifier } from './find-by-identifier.js';
import type { FindParts } from './find-item.js';
import { mergeByDate } from './merge-by-date.js';
import { notOverThere, underOurUids, type UpstreamSearch } from './searched-items.js';

/** Backend.search for an authority with backed configs: what is not handed over yet, as it is here, and what is over there, as it is there,
 * under our uids. While the other side cannot be asked, what was handed over is found as it is here; what only the other side has is
 * found by its identifier or uid alone, where it was read before. */
export async function searchItems(parts: FindParts, reading: Reading, criteria: SearchCriteria): Promise<AsyncIterable<ReadItem>> {
  const { embedded, clock } = parts;
  const here = await embedded.search(reading, criteria);
  const configId = configOf(reading.authority, criteria);
  const served = configId === null ? new Map<string, readonly BackedConfig[]>() : servedConfigs(reading.authority, configId);
  if (served.size === 0) return here;
  if (asksForIdentifier(criteria)) return await findByIdentifier(parts, reading, { criteria, served, here });

  const askedAt = clock.now();
  const away = new Set<string>();
  const there: AsyncIterable<ReadItem>[] = [];
  for (const [connector, configs] of served) {
    const query = await translated(parts, reading, connector, councilQueryFor(criteria, configs));
    const items = query === null ? [] : await openSearch(parts, reading, { connector, configs, query });
    if (items === 'not-told') away.add(connector);
    else if (Symbol.asyncIterator in items) there.push(items);
  }
  return mergeByDate([notOverThere(parts, reading, here, { askedAt, away }), ...there]);
}

/** With the uid that an item of ours has over there; null: it is not there. */
async function translated({ links, history }: FindParts, { authority }: Reading, connector: string, query: CouncilQuery): Promise<CouncilQuery | null> {
  if (query.uid === undefined) return query;
  const forwarding = (await links.ofItems(authority.id, [query.uid])).get(query.uid);
  if (forwarding?.connector === connector && forwarding.upstream !== null) return { ...query, uid: forwarding.upstream };
  for await (const item of history.search(authority.id, { uid: query.uid }, 'everything')) if (item.uid === query.uid) return null;
  return query;
}

/** Begins to read: what cannot begin in time is not told. Nothing to be had from a side that refuses, as for a reader whom it does not know. */
async function openSearch(parts: FindParts, reading: Reading, search: UpstreamSearch): Promise<AsyncIterable<ReadItem> | readonly [] | 'not-told'> {
  const { connector, configs, query } = search;
  const waitMs = Math.max(...configs.map(({ backend }) => backend.readTimeoutMs));
  let late = false;
  const outcome = await parts.look.askAlone(connector, waitMs, async ({ deliberation, settings, context }, signal) => {
    const iterator = deliberation.search(query, reading.reader.id, settings, context(signal))[Symbol.asyncIterator]();
    const first = await iterator.next();
    if (late) await iterator.return?.();
    return { iterator, first };
  });
  if (typeof outcome === 'string') {
    late = true;
    return 'not-told';
  }
  if ('refused' in outcome) return [];
  return underOurUids(parts, reading, search, rest(connector, outcome.answer));
}

interface Begun { readonly iterator: AsyncIterator<CouncilItem>; readonly first: IteratorResult<CouncilItem> }

/** A search that breaks off half-way fails: less than all would pass for all. */
async function* rest(connector: string, { iterator, first }: Begun): AsyncGenerator<CouncilItem> {
  try {
    for (let result = first; result.done !== true; result = await iterator.next()) yield result.value;
  } catch (error) {
    throw isFailure(error) ? upstreamAway(connector, 'a search stopped half-way', error) : error;
  } finally {
    await iterator.return?.();
  }
}
