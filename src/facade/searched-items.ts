import type { CouncilItem, CouncilQuery } from '../connector-api/deliberation.js';
import type { Reading } from '../deliberation/backend.js';
import type { ReadItem } from '../deliberation/read-item.js';
import { backedConfigs, type BackedConfig } from './backed-configs.js';
import type { FindParts } from './find-item.js';
import { inBatches } from './in-batches.js';
import { isWithdrawn } from './standing.js';
import { upstreamItem } from './upstream-item.js';

/** Items that are looked up at once. */
const BATCH = 50;

/** What is looked for over there, and the configs whose items are shown. */
export interface UpstreamSearch {
  readonly connector: string;
  readonly configs: readonly BackedConfig[];
  readonly query: CouncilQuery;
}

/** Our items that what is over there does not show: those that are not there, those that came there since it was asked, and all while it is
 * away. */
export async function* notOverThere(
  { links }: FindParts, { authority }: Reading, here: AsyncIterable<ReadItem>, { askedAt, away }: { readonly askedAt: number; readonly away: ReadonlySet<string> },
): AsyncGenerator<ReadItem> {
  const backed = new Set(backedConfigs(authority).map(({ id }) => id));
  for await (const batch of inBatches(here, BATCH)) {
    const forwardings = await links.ofItems(authority.id, batch.flatMap(({ item }) => (backed.has(item.configId) ? [item.uid] : [])));
    for (const read of batch) {
      const forwarding = forwardings.get(read.item.uid);
      if (forwarding === undefined) yield read;
      else if (!isWithdrawn(forwarding) && (forwarding.upstream === null || forwarding.since >= askedAt || away.has(forwarding.connector))) yield read;
    }
  }
}

/** What was found over there, under our uids where it is ours. */
export async function* underOurUids({ links }: FindParts, reading: Reading, { connector, configs, query }: UpstreamSearch, found: AsyncIterable<CouncilItem>): AsyncGenerator<ReadItem> {
  const shown = new Set(configs.map(({ id }) => id));
  for await (const batch of inBatches(found, BATCH)) {
    // A side without an index of identifiers answers with anybody's items (contracts/plonemeeting-rest.md §10).
    const wanted = batch.filter((item) => query.externalIdentifier === undefined || item.externalIdentifier === query.externalIdentifier);
    const forwardings = await links.ofUpstream(reading.authority.id, connector, wanted.map(({ uid }) => uid));
    for (const item of wanted) {
      const forwarding = forwardings.get(item.uid);
      const read = upstreamItem(reading, connector, item);
      if (forwarding === undefined && shown.has(item.configId)) yield read;
      if (forwarding !== undefined && !isWithdrawn(forwarding)) yield { ...read, item: { ...read.item, uid: forwarding.uid } };
    }
  }
}
