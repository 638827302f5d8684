import type { CouncilUser } from '../connector-api/deliberation.js';
import type { Clock } from '../platform/clock.js';
import type { CouncilUsers } from './lay-over.js';
import type { KnowingParts } from './upstream.js';
import { createUserMemory } from './user-memory.js';

/** Ids that turned out to be nobody's: so many are asked in a row, then one more after each such time, milliseconds. A caller with a list
 * of wrong ids does not keep the other side busy. */
const NOBODIES = { burst: 60, refillMs: 1_000 };

/** A person who is known is asked about again, and not waited for longer than this, milliseconds: calls that need nothing of a system must
 * not be slow with it. */
const KNOWN_WAIT_MS = 250;

/** As an account or a person can be called; the other side is not asked about anything else. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._@ -]{0,99}$/;

/** `away`: it is not known, and cannot be asked now. */
export type UserStanding = 'known' | 'nobody' | 'away';

/** People of one system, asked when they are needed and kept for when it is away. */
export interface KnownUsers {
  /** Those known now. */
  all(): CouncilUsers;
  /** Makes sure that a person is known, waiting for so long at most, milliseconds. What was known before stands where the system is
   * away or slow. Never rejects. */
  ensure(userId: string, waitMs: number): Promise<UserStanding>;
}

export interface KnownUsersParts extends KnowingParts {
  readonly clock: Clock;
}

/** Nobody is known yet: people are recalled from what was kept when they are needed. */
export function createKnownUsers(parts: KnownUsersParts): KnownUsers {
  const { authority, connector, copies, questions, clock, logger } = parts;
  const memory = createUserMemory(clock, parts.onChange);
  const strangers = createBudget(clock);

  async function find(userId: string, waitMs: number): Promise<UserStanding> {
    if (!memory.has(userId)) await recall(userId);
    const recalled = memory.standing(userId);
    if (recalled !== undefined) return recalled;
    if (memory.has(userId)) await ask(userId, Math.min(waitMs, KNOWN_WAIT_MS));
    else if (strangers.left()) await ask(userId, waitMs);
    return memory.has(userId) ? 'known' : memory.standing(userId) ?? 'away';
  }

  async function recall(userId: string): Promise<void> {
    const kept = await copies.read(authority, connector, 'user', userId).catch((error: unknown) => {
      logger.warn('What was kept of a person could not be read', { error });
      return null;
    });
    // null: somebody who is not there any more
    if (kept !== null && kept.value !== null && !memory.has(userId)) memory.note(userId, kept.value as CouncilUser, kept.at);
  }

  /** What is answered is noted even where nobody waits for it any more. */
  async function ask(userId: string, waitMs: number): Promise<void> {
    const upstream = parts.upstream();
    if (upstream === undefined) return;
    const outcome = await questions.ask(`user ${userId}`, waitMs, async (signal) => {
      const askedAt = clock.now();
      note(userId, await upstream.deliberation.user(userId, upstream.settings, upstream.context(signal)), askedAt);
    });
    // It will never tell: as good as nobody.
    if (typeof outcome !== 'string' && 'refused' in outcome) note(userId, null, clock.now());
  }

  function note(userId: string, user: CouncilUser | null, at: number): void {
    const wasKnown = memory.has(userId);
    if (user === null) strangers.spend();
    memory.note(userId, user, at);
    if (user === null && !wasKnown) return;
    copies.write(authority, connector, 'user', userId, user, at).catch((error: unknown) => { logger.warn('What is known of a person could not be kept', { error }); });
  }

  return {
    all: () => memory.all(),
    ensure: async (userId, waitMs) => (ID.test(userId) ? memory.standing(userId) ?? await find(userId, waitMs) : 'nobody'),
  };
}

function createBudget(clock: Clock): { left(): boolean; spend(): void } {
  let rest = NOBODIES.burst;
  let at = clock.now();
  function refill(): void {
    rest = Math.min(NOBODIES.burst, rest + Math.max(0, clock.now() - at) / NOBODIES.refillMs);
    at = clock.now();
  }
  return {
    left() {
      refill();
      return rest >= 1;
    },
    spend() {
      refill();
      rest -= 1;
    },
  };
}
