import { Misconfigured } from '../../src/connector-api/failures.js';

/** Five refused logins a minute block every account behind the same address (contracts/pastell.md §1.1): one that was refused is not tried
 * again for so long, and twice as long each time. */
const FIRST_PAUSE_MS = 300_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** Remembers that an account was refused. Times are epoch milliseconds. */
export interface AccountGate {
  /** Throws Misconfigured as long as it is not to be tried. */
  requireOpen(now: number): void;
  refused(now: number): Misconfigured;
  accepted(): void;
}

export function createAccountGate(): AccountGate {
  let pause = 0;
  let until = 0;
  return {
    requireOpen(now) {
      if (now < until) throw new Misconfigured(`Pastell refused the account; it is not tried again before ${new Date(until).toISOString()}, so that others at the same address are not blocked. Correct it in the configuration.`);
    },
    refused(now) {
      pause = Math.min(LONGEST_PAUSE_MS, pause === 0 ? FIRST_PAUSE_MS : pause * 2);
      until = now + pause;
      return new Misconfigured('Pastell refuses the account (401): wrong login, password, token or certificate, an expired token, or a user that was disabled. Correct it in the configuration, or ask the administrator of Pastell.');
    },
    accepted() {
      pause = 0;
      until = 0;
    },
  };
}
