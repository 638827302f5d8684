import type { Authority } from '../domain/authority.js';
import { upstreamAway } from './away.js';
import type { FindParts } from './find-item.js';
import { isWithdrawn } from './standing.js';
import type { Forwarding } from './store.js';
import { backedConfigs } from './backed-configs.js';

/** What is known here of an identifier: of an item over there its connector and its uid; null: only that there was one. */
interface KnownItem { readonly connector: string; readonly upstream: string | null }

/** Backend.isLinked for an authority with backed configs. Looks here first: what we were given and did not hand over yet is linked, whatever the
 * other side says. A no of the other side is believed once those items that are known to have been there are gone too. */
export async function isLinked(parts: FindParts, authority: Authority, externalIdentifier: string, configId: string | null): Promise<boolean> {
  const ours = await linkedHere(parts, authority, externalIdentifier, configId);
  if (ours === 'linked') return true;
  const known = [...ours, ...await parts.links.known(authority.id, externalIdentifier, configId)];
  let unasked: string | undefined;
  for (const [connector, waitMs] of connectorsOf(authority, configId)) {
    const linked = await linkedThere(parts, { connector, waitMs, externalIdentifier, configId, known: known.filter((one) => one.connector === connector) });
    if (linked === true) return true;
    if (linked === 'not-told') unasked = connector;
  }
  if (unasked !== undefined) throw upstreamAway(unasked, 'whether an item has the identifier could not be asked');
  return false;
}

/** `linked` where an item of ours proves it; else what ours are over there. */
async function linkedHere({ history, links }: FindParts, authority: Authority, externalIdentifier: string, configId: string | null): Promise<'linked' | KnownItem[]> {
  const query = configId === null ? { externalIdentifier } : { externalIdentifier, configId };
  const backed = new Set(backedConfigs(authority).map(({ id }) => id));
  const uids: string[] = [];
  for await (const item of history.search(authority.id, query, 'everything')) {
    if (!backed.has(item.configId)) return 'linked';
    uids.push(item.uid);
  }
  const forwardings = await links.ofItems(authority.id, uids);
  const left: Forwarding[] = [];
  for (const uid of uids) {
    const forwarding = forwardings.get(uid);
    if (forwarding === undefined) return 'linked';
    if (!isWithdrawn(forwarding)) left.push(forwarding);
  }
  return left.some(({ upstream }) => upstream === null) ? 'linked' : left;
}

/** How long a question may take, by the connector that is asked; also configs that are switched off have their items. */
function connectorsOf(authority: Authority, configId: string | null): ReadonlyMap<string, number> {
  const asked = backedConfigs(authority).filter(({ id }) => configId === null || id === configId);
  return new Map(asked.map(({ backend }) => [backend.connector, backend.readTimeoutMs]));
}

interface Question { readonly connector: string; readonly waitMs: number; readonly externalIdentifier: string; readonly configId: string | null; readonly known: readonly KnownItem[] }

async function linkedThere(parts: FindParts, { connector, waitMs, externalIdentifier, configId, known }: Question): Promise<boolean | 'not-told'> {
  const outcome = await parts.look.ask(connector, ['isLinked', externalIdentifier, configId ?? ''], waitMs, ({ deliberation, settings, context }, signal) =>
    deliberation.isLinked(externalIdentifier, configId, settings, context(signal)));
  if (typeof outcome === 'string' || 'refused' in outcome) return known.length > 0 ? true : 'not-told';
  if (outcome.answer === true) return true;
  if (outcome.answer === 'unsure' && known.some(({ upstream }) => upstream === null)) return true;
  for (const { upstream } of known) if (upstream !== null && await isThere(parts, connector, waitMs, upstream)) return true;
  return false;
}

/** Whether the item is there, whoever may see it; where that cannot be asked, it is taken to be. */
async function isThere({ look }: FindParts, connector: string, waitMs: number, uid: string): Promise<boolean> {
  const outcome = await look.ask(connector, ['item', uid], waitMs, ({ deliberation, settings, context }, signal) =>
    deliberation.item(uid, null, settings, context(signal)));
  return typeof outcome === 'string' || 'refused' in outcome || outcome.answer !== 'unknown';
}
