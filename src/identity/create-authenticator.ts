import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '../platform/clock.js';
import { RecentMap } from '../platform/recent-map.js';
import type { Authentication, Authenticator, Credentials } from './authenticator.js';
import { readBasicCredentials, type BasicCredentials } from './basic-credentials.js';
import { normaliseSubject } from './certificate-subject.js';
import { createGuessThrottle } from './guess-throttle.js';
import { decoyHash, verifyPassword } from './hash-password.js';

/** How one user proves who calls. `passwordHash` as hashPassword makes it, null: not by password. */
export interface Account {
  readonly userId: string;
  readonly passwordHash: string | null;
  /** Subjects (RFC 2253) of client certificates that stand for this user. */
  readonly certificateSubjects: readonly string[];
}

export interface AuthenticatorParts {
  readonly accounts: readonly Account[];
  readonly clock: Clock;
  /** Handed in by tests that count hashings. */
  readonly verify?: (password: string, hash: string) => Promise<boolean>;
}

/** Verified credentials need no hashing for this long after their last use. */
const FRESH_MS = 5 * 60_000;
/** … and for this long they are let past the throttle, because they are not a guess. */
const KNOWN_MS = 24 * 3_600_000;
const REMEMBERED = 10_000;
/** Hashings that may wait; beyond it guesses are turned away at once, so that a flood of them cannot pile up. */
const WAITING = 64;
const LONGEST_HEADER = 4096;

const REFUSED: Authentication = { ok: false, retryAfterSeconds: 0 };

/** Basic credentials and client certificates of one authority. An Authorization header, where there is one, decides
 * alone; the certificate counts otherwise. Unknown users cost as much as wrong passwords. Nothing secret is kept: what is
 * remembered of credentials is an HMAC under a key that lives as long as the process. */
export function createAuthenticator({ accounts, clock, verify = verifyPassword }: AuthenticatorParts): Authenticator {
  const key = randomBytes(32);
  const hashes = new Map(accounts.flatMap((account) => (account.passwordHash === null ? [] : [[account.userId, account.passwordHash] as const])));
  const subjects = new Map(accounts.flatMap((account) => account.certificateSubjects.map((subject) => [normaliseSubject(subject), account.userId] as const)));
  const decoy = decoyHash(hashes.values().next().value);
  const throttle = createGuessThrottle(clock);
  const verified = new RecentMap<{ readonly userId: string; readonly at: number }>(REMEMBERED);
  // The accounts do not change while this authenticator lives, so what is wrong stays wrong: a program that sends its old
  // password again and again costs no hashing and makes no new guess.
  const wrong = new RecentMap<true>(REMEMBERED);
  const running = new Map<string, Promise<boolean>>();

  async function check({ userId, password }: BasicCredentials, print: string): Promise<boolean> {
    const known = hashes.get(userId);
    const right = await verify(password, known ?? decoy) && known !== undefined;
    if (right) verified.set(print, { userId, at: clock.now() });
    else wrong.set(print, true);
    return right;
  }

  async function verifyOnce(credentials: BasicCredentials, print: string, address: string): Promise<Authentication> {
    const { userId } = credentials;
    const shared = running.get(print);
    if (shared !== undefined) return answer(await shared, userId, throttle.pauseOf(userId, address));
    const isGuess = !within(verified.get(print)?.at, KNOWN_MS);
    const pause = isGuess ? throttle.pauseOf(userId, address) : 0;
    if (pause > 0 || wrong.get(print) === true) return answer(false, userId, pause);
    if (isGuess && running.size >= WAITING) return answer(false, userId, 1000);
    if (isGuess) throttle.begin(userId, address);
    const checking = check(credentials, print);
    running.set(print, checking);
    try {
      const right = await checking;
      if (right && isGuess) throttle.succeeded(userId, address);
      return answer(right, userId, throttle.pauseOf(userId, address));
    } finally {
      running.delete(print);
    }
  }

  function within(at: number | undefined, milliseconds: number): boolean {
    return at !== undefined && clock.now() - at < milliseconds;
  }

  return {
    async authenticate({ authorization, certificateSubject, remoteAddress }: Credentials): Promise<Authentication> {
      if (authorization === undefined) return byCertificate(subjects, certificateSubject);
      if (authorization.length > LONGEST_HEADER) return REFUSED;
      const print = createHmac('sha256', key).update(authorization).digest('base64');
      const known = verified.get(print);
      if (known !== undefined && within(known.at, FRESH_MS)) {
        verified.set(print, { userId: known.userId, at: clock.now() });
        return { ok: true, userId: known.userId };
      }
      const credentials = readBasicCredentials(authorization);
      return credentials === null ? REFUSED : await verifyOnce(credentials, print, remoteAddress);
    },
  };
}

function byCertificate(subjects: ReadonlyMap<string | null, string>, subject: string | undefined): Authentication {
  const normalised = subject === undefined ? null : normaliseSubject(subject);
  const userId = normalised === null ? undefined : subjects.get(normalised);
  return userId === undefined ? REFUSED : { ok: true, userId };
}

function answer(right: boolean, userId: string, pauseMs: number): Authentication {
  return right ? { ok: true, userId } : { ok: false, retryAfterSeconds: Math.ceil(pauseMs / 1000) };
}
