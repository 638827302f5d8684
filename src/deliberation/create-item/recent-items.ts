import { createHash } from 'node:crypto';
import type { Clock } from '../../platform/clock.js';
import { RecentMap } from '../../platform/recent-map.js';

/** A call that timed out is repeated by a person within this time, milliseconds. */
const MOMENTS = 2 * 60_000;
const MAX_ITEMS = 10_000;

/** What makes two new items look like one that was sent twice. */
export interface Likeness {
  readonly configId: string;
  readonly externalIdentifier: string;
  readonly creator: string;
  readonly title: string;
}

/** Items accepted moments ago, in memory: enough to tell a caller that a repeat made a second item
 * (contracts/wsclient.md §6). A restart forgets them, and nothing is refused for their sake. */
export interface RecentItems {
  /** UID of a like item accepted within the last two minutes. */
  find(likeness: Likeness): string | undefined;
  remember(likeness: Likeness, uid: string): void;
}

/** Remembers the newest; what they were made of is not kept. */
export function rememberRecentItems(clock: Clock): RecentItems {
  const items = new RecentMap<{ readonly uid: string; readonly at: number }>(MAX_ITEMS);
  return {
    find(likeness) {
      const found = items.get(keyOf(likeness));
      return found === undefined || found.at < clock.now() - MOMENTS ? undefined : found.uid;
    },
    remember: (likeness, uid) => items.set(keyOf(likeness), { uid, at: clock.now() }),
  };
}

/** A digest: titles and identifiers may be megabytes, and thousands of them are remembered. */
function keyOf({ configId, externalIdentifier, creator, title }: Likeness): string {
  return createHash('sha256').update(JSON.stringify([configId, externalIdentifier, creator, title])).digest('base64');
}
