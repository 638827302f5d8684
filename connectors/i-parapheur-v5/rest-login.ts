import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply, readText } from '../../src/connector-kit/http-text.js';

/** contracts/iparapheur.md §3.1: what the realm that is shipped allows. */
const ACCESS_S = 300;
const REFRESH_S = 1800;
const MOST_FAILURES = 30;

export interface RestLogin {
  /** Answers the token endpoint. */
  token(request: IncomingMessage): Promise<HttpReply>;
  /** Null where the caller may come in. */
  refusal(request: IncomingMessage): HttpReply | null;
  /** From now on this one is right; tokens that are out stay good. */
  changePassword(password: string): void;
  /** All tokens that are out end at once. */
  endTokens(): void;
  /** How often a password was tried that was wrong. */
  failures(): number;
}

/** Accounts of a simulated i-Parapheur 5: one, with tokens that end and a lock against guessing. */
export function createRestLogin(login: string, firstPassword: string, now: () => number): RestLogin {
  const access = new Map<string, number>();
  const refresh = new Map<string, number>();
  let password = firstPassword;
  let failures = 0;
  let number = 0;

  function issue(): HttpReply {
    number += 1;
    const [bearer, again] = [`access-${number}-of-the-rehearsal`, `refresh-${number}-of-the-rehearsal`];
    access.set(bearer, now() + ACCESS_S * 1000);
    refresh.set(again, now() + REFRESH_S * 1000);
    return jsonReply({ access_token: bearer, refresh_token: again, expires_in: ACCESS_S, refresh_expires_in: REFRESH_S, token_type: 'Bearer', session_state: '1', scope: 'email profile', 'not-before-policy': 0 });
  }

  function invalid(description: string): HttpReply {
    return jsonReply({ error: 'invalid_grant', error_description: description }, 401);
  }

  return {
    async token(request) {
      const form = new URLSearchParams(await readText(request));
      if (form.get('client_id') !== 'ipcore-web') return jsonReply({ error: 'invalid_client', error_description: 'Invalid client credentials' }, 401);
      if (form.get('grant_type') === 'refresh_token') return (refresh.get(form.get('refresh_token') ?? '') ?? 0) > now() ? issue() : invalid('Token is not active');
      if (failures >= MOST_FAILURES) return invalid('Account disabled');
      if (form.get('username') === login && form.get('password') === password) return issue();
      failures += 1;
      return invalid('Invalid user credentials');
    },
    refusal({ headers, url = '' }) {
      const bearer = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
      return (access.get(bearer) ?? 0) > now() ? null : jsonReply({ timestamp: new Date(now()).toISOString(), status: 401, error: 'Unauthorized', message: 'Unauthorized', path: url }, 401);
    },
    changePassword(changed) {
      password = changed;
      refresh.clear();
    },
    endTokens() {
      access.clear();
      refresh.clear();
    },
    failures: () => failures,
  };
}
