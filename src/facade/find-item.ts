import type { CouncilItem } from '../connector-api/deliberation.js';
import type { Backend, Reading } from '../deliberation/backend.js';
import { findConfig } from '../deliberation/find-config.js';
import type { ReadItem } from '../deliberation/read-item.js';
import type { Item } from '../domain/item.js';
import type { ConfigBackend } from '../domain/meeting-config.js';
import type { HistoryStore } from '../history/store.js';
import type { Clock } from '../platform/clock.js';
import { upstreamAway } from './away.js';
import type { Freshness, Look, Seen } from './look.js';
import { isWithdrawn, standing } from './standing.js';
import type { Forwarding, LinkStore } from './store.js';
import { servedConfigs } from './backed-configs.js';
import { upstreamItem } from './upstream-item.js';

/** What finding items needs, whatever they are found by. */
export interface FindParts {
  readonly embedded: Backend;
  readonly history: HistoryStore;
  readonly links: LinkStore;
  readonly look: Look;
  readonly clock: Clock;
}

/** As a system may call an item; it is not asked about anything else. */
const UID = /^[\w-]{1,64}$/;

/** What a system answers about one item. */
type Told = CouncilItem | 'unknown' | 'hidden';

/** Backend.find for an authority with backed configs. Callers may name an item of ours by the uid that it has over there. */
export async function findItem(parts: FindParts, reading: Reading, uid: string): Promise<ReadItem | undefined> {
  const ours = await ledgerItem(parts, reading, uid);
  return ours === undefined ? await findTheirs(parts, reading, uid) : await findOurs(parts, reading, ours);
}

/** An item of the ledger, whoever may see it. */
async function ledgerItem({ history }: FindParts, { authority }: Reading, uid: string): Promise<Item | undefined> {
  for await (const item of history.search(authority.id, { uid }, 'everything')) return item;
  return undefined;
}

/** Our item, as it is over there or, where it is not there yet or cannot be looked at, here. */
export async function findOurs(parts: FindParts, reading: Reading, ours: Item): Promise<ReadItem | undefined> {
  const { embedded, links, clock } = parts;
  const backend = findConfig(reading.authority, ours.configId)?.backend;
  const forwarding = backend && (await links.ofItems(reading.authority.id, [ours.uid])).get(ours.uid);
  if (backend === undefined || forwarding === undefined) return await embedded.find(reading, ours.uid);
  if (isWithdrawn(forwarding)) return undefined;
  if (forwarding.upstream === null) return await mirror(parts, reading, ours, standing(clock.now(), null, forwarding));
  const { connector, upstream } = forwarding;
  const seen = await seeItem(parts, reading, { connector, uid: upstream, backend, notBefore: Math.max(ours.modifiedAt, forwarding.since) });
  if (typeof seen === 'string') return await mirror(parts, reading, ours, standing(ours.modifiedAt, seen === 'slow' ? 'copy' : 'away', forwarding));
  return await newest(parts, reading, ours, { forwarding, seen });
}

/** What happened since a copy was made is on our item. */
async function newest(parts: FindParts, reading: Reading, ours: Item, { forwarding, seen }: { forwarding: Forwarding; seen: Seen<Told> }): Promise<ReadItem | undefined> {
  if (seen.freshness !== 'fresh' && seen.at < ours.modifiedAt) {
    const mirrored = await mirror(parts, reading, ours, standing(ours.modifiedAt, seen.freshness, forwarding));
    if (mirrored !== undefined) return mirrored;
  }
  return shown(reading, { connector: forwarding.connector, seen, ours, forwarding });
}

async function mirror({ embedded }: FindParts, reading: Reading, { uid }: Item, standing: Readonly<Record<string, string>>): Promise<ReadItem | undefined> {
  const read = await embedded.find(reading, uid);
  return read === undefined ? undefined : { ...read, standing };
}

/** An item that is not ours by that uid: that of one of ours over there, or one that came to be there. Throws RELAIS_UPSTREAM_AWAY where it
 * cannot be told whether there is one. */
async function findTheirs(parts: FindParts, reading: Reading, uid: string): Promise<ReadItem | undefined> {
  if (!UID.test(uid)) return undefined;
  let unasked: string | undefined;
  for (const connector of servedConfigs(reading.authority).keys()) {
    const read = await findByUpstream(parts, reading, connector, uid);
    if (read === 'not-told') unasked = connector;
    else if (read !== undefined) return read;
  }
  if (unasked !== undefined) throw upstreamAway(unasked, 'whether there is such an item could not be asked');
  return undefined;
}

/** The item that has the uid in the system behind that connector. */
export async function findByUpstream(parts: FindParts, reading: Reading, connector: string, uid: string): Promise<ReadItem | undefined | 'not-told'> {
  const forwarding = (await parts.links.ofUpstream(reading.authority.id, connector, [uid])).get(uid);
  if (forwarding !== undefined) {
    const ours = await ledgerItem(parts, reading, forwarding.uid);
    return ours === undefined ? undefined : await findOurs(parts, reading, ours);
  }
  const configs = servedConfigs(reading.authority).get(connector) ?? [];
  const [first] = configs;
  if (first === undefined) return undefined;
  const seen = await seeItem(parts, reading, { connector, uid, backend: first.backend, notBefore: 0 });
  if (typeof seen === 'string') return 'not-told';
  const { value, freshness } = seen;
  // What was not there once may have come since.
  if (value === 'unknown' && freshness !== 'fresh') return 'not-told';
  if (typeof value === 'object' && !configs.some(({ id }) => id === value.configId)) return undefined;
  return shown(reading, { connector, seen });
}

interface Sought { readonly connector: string; readonly uid: string; readonly backend: ConfigBackend; readonly notBefore: number }

/** A reader whom the other side refuses, such as one that it does not know, may see nothing there. */
async function seeItem({ look, clock }: FindParts, { reader, freshForMs }: Reading, { connector, uid, backend, notBefore }: Sought): Promise<Seen<Told> | 'slow' | 'away'> {
  const limits = { readTimeoutMs: backend.readTimeoutMs, freshForMs: freshForMs ?? backend.freshForMs, notBefore };
  const seen = await look.see<Told>(connector, ['item', uid, reader.id], limits, ({ deliberation, settings, context }, signal) =>
    deliberation.item(uid, reader.id, settings, context(signal)));
  return typeof seen === 'object' && 'refused' in seen ? { value: 'hidden', at: clock.now(), freshness: 'fresh' } : seen;
}

interface Shown { readonly connector: string; readonly seen: { readonly value: Told; readonly at: number; readonly freshness: Freshness }; readonly ours?: Item; readonly forwarding?: Forwarding }

function shown(reading: Reading, { connector, seen, ours, forwarding }: Shown): ReadItem | undefined {
  if (typeof seen.value === 'string') return undefined;
  return { ...upstreamItem(reading, connector, seen.value, ours), standing: standing(seen.at, seen.freshness, forwarding) };
}
