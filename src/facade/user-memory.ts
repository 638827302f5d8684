import type { CouncilUser } from '../connector-api/deliberation.js';
import type { Clock } from '../platform/clock.js';
import { RecentMap } from '../platform/recent-map.js';
import type { CouncilUsers } from './lay-over.js';

/** What is known of a person is asked again after this time; that nobody has an id, after the shorter one, because people are added.
 * Milliseconds. */
const FRESH_MS = { known: 10 * 60_000, nobody: 60_000 };
/** People who are remembered; beyond, the one who was needed longest ago is forgotten, and asked for again when needed. */
const MOST_KNOWN = 5_000;
const MOST_NOBODIES = 1_000;

/** Who is known and who is nobody, of those who were needed lately. */
export interface UserMemory {
  all(): CouncilUsers;
  /** Whatever its age. */
  has(userId: string): boolean;
  /** Undefined: it is not known, or not of late. Counts as being needed. */
  standing(userId: string): 'known' | 'nobody' | undefined;
  /** `user` null: nobody. `at`: when that was so, epoch milliseconds. */
  note(userId: string, user: CouncilUser | null, at: number): void;
}

interface Known {
  readonly user: CouncilUser;
  readonly at: number;
}

/** `onChange`: somebody is known who was not, or otherwise than before, or not any more. */
export function createUserMemory(clock: Clock, onChange: () => void): UserMemory {
  const known = new Map<string, Known>();
  const nobodies = new RecentMap<number>(MOST_NOBODIES);

  function remember(userId: string, next: Known): void {
    const before = known.get(userId);
    touch(userId, next);
    const [oldest] = known.size > MOST_KNOWN ? known.keys() : [];
    if (oldest !== undefined) known.delete(oldest);
    if (oldest !== undefined || before === undefined || JSON.stringify(before.user) !== JSON.stringify(next.user)) onChange();
  }

  function touch(userId: string, found: Known): void {
    known.delete(userId);
    known.set(userId, found);
  }

  function isFresh(at: number, forMs: number): boolean {
    return clock.now() - at < forMs;
  }

  return {
    all: () => new Map([...known].map(([userId, { user }]) => [userId, user])),
    has: (userId) => known.has(userId),
    standing(userId) {
      const found = known.get(userId);
      if (found === undefined) return isFresh(nobodies.get(userId) ?? -Infinity, FRESH_MS.nobody) ? 'nobody' : undefined;
      if (!isFresh(found.at, FRESH_MS.known)) return undefined;
      touch(userId, found);
      return 'known';
    },
    note(userId, user, at) {
      nobodies.delete(userId);
      if (user !== null) { remember(userId, { user, at }); return; }
      nobodies.set(userId, at);
      if (known.delete(userId)) onChange();
    },
  };
}
