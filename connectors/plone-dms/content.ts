import { z } from 'zod';
import { Refused } from '../../src/connector-api/failures.js';
import { readAs, type PloneApi } from './api.js';
import type { PloneDmsSettings } from './config.js';

const MOST_FOUND = 1000;

const found = z.object({ '@id': z.string(), UID: z.string(), id: z.string().nullish(), getId: z.string().nullish() });
/** An object that holds none has no list. */
const folder = z.object({ items: z.array(z.object({ '@id': z.string() })).default([]) });
const results = z.object({ items: z.array(found), items_total: z.number() });

/** An object of the site. */
export interface Content {
  /** Its address. */
  readonly at: string;
  readonly uid: string;
  /** Its short name. */
  readonly id: string;
}

/** Everything of the site that the account may see and that holds the criteria. Throws Refused beyond 1,000, which no mail has. */
export async function findContent(api: PloneApi, { url }: PloneDmsSettings, criteria: readonly (readonly [index: string, value: string])[]): Promise<readonly Content[]> {
  const asked = new URLSearchParams();
  for (const [name, value] of [...criteria, ['metadata_fields', 'UID'], ['metadata_fields', 'getId'], ['b_size', String(MOST_FOUND)]] as const) asked.append(name, value);
  const { items, items_total: total } = readAs(results, await api.ask({ method: 'GET', at: url, service: `/@search?${asked.toString()}` }), 'a search');
  if (total > MOST_FOUND) throw new Refused(`The site has ${total} objects of that kind, more than ${MOST_FOUND}.`);
  return items.map((item) => ({ at: item['@id'], uid: item.UID, id: item.getId ?? item.id ?? lastElement(item['@id']) }));
}

/** The one object with this index value; null where there is none. An index that a site does not have is ignored there, so that everything
 * comes back: what `holds` says no to does not count. Throws Refused for several. */
export async function findOne(api: PloneApi, settings: PloneDmsSettings, criteria: Parameters<typeof findContent>[2], holds: (content: Content) => boolean): Promise<Content | null> {
  const [first, second] = (await findContent(api, settings, criteria)).filter(holds);
  if (second !== undefined) throw new Refused(`The site has several objects for it: ${first?.at ?? ''} and ${second.at}. Remove one, then retry.`);
  return first ?? null;
}

/** Short names of what stands directly in an object. */
export async function childrenOf(api: PloneApi, { at }: Content): Promise<ReadonlySet<string>> {
  const { items } = readAs(folder, await api.ask({ method: 'GET', at, service: `?include_items=true&b_size=${MOST_FOUND}` }), 'what stands in an object');
  return new Set(items.map((item) => lastElement(item['@id'])));
}

/** Whether an object has these values, as far as can be told: sites turn HTML and dates into forms of their own. */
export async function hasFields(api: PloneApi, { at }: Content, fields: Readonly<Record<string, unknown>>): Promise<boolean> {
  if (Object.keys(fields).length === 0) return true;
  const there = readAs(z.record(z.string(), z.unknown()), await api.ask({ method: 'GET', at }), 'an object');
  return Object.entries(fields).every(([name, value]) => JSON.stringify(plain(there[name])) === JSON.stringify(value));
}

/** The value itself: choices come with a title, rich texts with a type (contracts/plonemeeting-rest.md §4.3). */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if ('token' in value) return value.token;
  return 'data' in value ? value.data : value;
}

/** As it stands there where its escapes are none. */
function lastElement(at: string): string {
  const element = at.slice(at.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(element);
  } catch {
    return element;
  }
}
