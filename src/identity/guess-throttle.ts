import { createAddressBudget, networkOf } from '../platform/address-budget.js';
import type { Clock } from '../platform/clock.js';
import { RecentMap } from '../platform/recent-map.js';

/** Wrong guesses that a person may make before the first pause. */
const FREE_GUESSES = 4;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Without a guess for this long, the count starts again. */
const FORGET_AFTER_MS = 15 * 60_000;

/** Different wrong guesses that one address may make over all accounts: a whole office stands behind one address. */
const ADDRESS_LIMITS = { burst: 60, refillMs: 1_000 };

const REMEMBERED = 10_000;

interface Guesses {
  readonly count: number;
  readonly pausedUntil: number;
  readonly lastAt: number;
}

export interface GuessThrottle {
  /** Milliseconds until the next guess of this account from this address is looked at; 0: now. */
  pauseOf(account: string, address: string): number;
  /** Counts a guess before its outcome is known, so that many at once do not slip through together. */
  begin(account: string, address: string): void;
  /** The guess was right: its count is taken back and the account starts afresh from this address. */
  succeeded(account: string, address: string): void;
}

/** Slows down guessing: growing pauses for one account from one address, and a budget for one address over all accounts.
 * An account is never paused for other addresses, so nobody can lock it out from afar. */
export function createGuessThrottle(clock: Clock): GuessThrottle {
  const accounts = new RecentMap<Guesses>(REMEMBERED);
  const addresses = createAddressBudget(ADDRESS_LIMITS, clock);

  const guessesOf = (key: string): Guesses => {
    const known = accounts.get(key);
    return known === undefined || clock.now() - known.lastAt > FORGET_AFTER_MS ? { count: 0, pausedUntil: 0, lastAt: 0 } : known;
  };
  return {
    pauseOf(account, address) {
      return Math.max(0, addresses.pauseOf(address), guessesOf(keyOf(account, networkOf(address))).pausedUntil - clock.now());
    },
    begin(account, address) {
      const key = keyOf(account, networkOf(address));
      const count = guessesOf(key).count + 1;
      const pause = count <= FREE_GUESSES ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (count - FREE_GUESSES - 1));
      accounts.set(key, { count, pausedUntil: clock.now() + pause, lastAt: clock.now() });
      addresses.spend(address);
    },
    succeeded(account, address) {
      accounts.delete(keyOf(account, networkOf(address)));
      addresses.giveBack(address);
    },
  };
}

function keyOf(account: string, network: string): string {
  // Ids are short; a caller's text need not be, and what it repeats beyond this is not remembered.
  return `${network} ${account.slice(0, 200)}`;
}
