import type { ConnectorContext } from '../connector-api/connector.js';
import type { Deliberation } from '../connector-api/deliberation.js';
import type { KnownLink } from '../facade/store.js';

/** Links asked about at the same time. */
const AT_ONCE = 4;

/** What the system behind says of links. */
export interface VerifiedLinks {
  /** Those that are there, with the uids that are known there. One identifier may stand on several items. */
  readonly links: readonly KnownLink[];
  /** Uids that were not in the file. */
  readonly filledIn: number;
  /** Nothing over there has the identifier. */
  readonly missing: readonly KnownLink[];
  /** The identifier is there, and no item that may be seen has the uid of the file. */
  readonly otherUid: readonly KnownLink[];
}

/** Asks about each. Throws what the connector throws. */
export async function verifyLinks<Settings>(links: readonly KnownLink[], { isLinked, search }: Pick<Deliberation<Settings>, 'isLinked' | 'search'>, settings: Settings, context: ConnectorContext): Promise<VerifiedLinks> {
  const [found, missing, otherUid]: [KnownLink[], KnownLink[], KnownLink[]] = [[], [], []];
  let filledIn = 0;

  async function look(link: KnownLink): Promise<void> {
    const { externalIdentifier, configId, upstream } = link;
    if (await isLinked(externalIdentifier, configId, settings, context) === false) { missing.push(link); return; }
    const uids: string[] = [];
    for await (const { uid } of search({ externalIdentifier, configId }, null, settings, context)) uids.push(uid);
    if (upstream === null && uids.length > 0) {
      filledIn += uids.length;
      found.push(...uids.map((uid) => ({ ...link, upstream: uid })));
      return;
    }
    if (upstream !== null && uids.length > 0 && !uids.includes(upstream)) otherUid.push(link);
    else found.push(link);
  }

  const waiting = links.values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const link of waiting) await look(link); }));
  return { links: found, filledIn, missing, otherUid };
}
