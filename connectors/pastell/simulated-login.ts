import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { errorReply } from './simulated-reply.js';
import type { Release } from './simulated-release.js';

/** contracts/pastell.md §1.1. */
const MOST_FAILURES = 5;
const WINDOW_MS = 60_000;

export interface PastellLogin {
  /** Null where the caller may come in. */
  refusal(request: IncomingMessage): HttpReply | null;
  /** From now on this one is right. */
  changePassword(password: string): void;
  /** How often a login failed. */
  failures(): number;
}

export interface PastellAccount {
  readonly login: string;
  readonly password: string;
  readonly token: string;
  readonly isDisabled: () => boolean;
}

/** The one account of a simulated Pastell, with its limit for guesses: who failed too often is throttled, and everybody else behind the
 * same address with him. */
export function createPastellLogin(account: PastellAccount, { tokens, limitsLogin }: Release, now: () => number): PastellLogin {
  let { password } = account;
  let failures = 0;
  let recent: number[] = [];

  function isRight(header: string): boolean {
    const [, kind = '', value = ''] = /^(\S+) (.+)$/.exec(header) ?? [];
    if (kind === 'Bearer') return tokens && value === account.token;
    return kind === 'Basic' && Buffer.from(value, 'base64').toString('utf8') === `${account.login}:${password}`;
  }

  return {
    refusal({ headers }) {
      recent = recent.filter((at) => now() - at < WINDOW_MS);
      if (limitsLogin && recent.length >= MOST_FAILURES) {
        const reply = errorReply(429, 'Trop de tentatives de connexion.');
        return { ...reply, headers: { ...reply.headers, 'retry-after': String(WINDOW_MS / 1000) } };
      }
      if (isRight(headers.authorization ?? '') && !account.isDisabled()) return null;
      failures += 1;
      recent.push(now());
      const reply = errorReply(401, 'Accès interdit');
      return { ...reply, headers: { ...reply.headers, 'www-authenticate': 'Basic realm="API Pastell"' } };
    },
    changePassword(changed) { password = changed; },
    failures: () => failures,
  };
}
