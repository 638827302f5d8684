import { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, nothingSent } from '../../src/connector-api/failures.js';
import { answerWords, httpFailure } from '../../src/connector-api/http-failure.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import type { V5Settings } from './config.js';
import { withoutToken } from './hide-token.js';
import { readJson } from './page.js';

/** contracts/iparapheur.md §3.1: a public client of the realm `api`. */
const TOKEN_PATH = '/auth/realms/api/protocol/openid-connect/token';
const CLIENT_ID = 'ipcore-web';

/** A token is renewed so long before it ends: the line takes time, and the other side asks its own clock. */
const MARGIN_MS = 30_000;

/** What a token is good for at most is read when a request has come whole, uploads included: such a request gets a new one. */
const FRESH_MS = 20_000;

/** A password that was refused is not tried again for so long, and twice as long each time: 30 failures lock an account (§3.1). */
const FIRST_PAUSE_MS = 300_000;
const LONGEST_PAUSE_MS = 3_600_000;

const tokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().optional(),
  expires_in: z.number().positive(),
  refresh_expires_in: z.number().nonnegative().optional(),
});

interface Token {
  readonly bearer: string;
  /** Epoch milliseconds, by our own clock: what the other side's shows does not matter. */
  readonly since: number;
  readonly until: number;
  readonly refresh: { readonly token: string; readonly until: number } | null;
}

type Context = Pick<ConnectorContext, 'http' | 'clock' | 'signal'>;

export interface TokenKeeper {
  /** A token that holds for a while; `fresh` where a long request goes with it. Throws Misconfigured for credentials that are refused,
   * without asking again for a time, NotSent where the token service cannot be reached. */
  bearer(context: Context, wanted?: { readonly fresh?: boolean }): Promise<string>;
  /** The other side does not take it any more. */
  refused(bearer: string): void;
}

/** Keeps the token of one account for all calls that need it; one request for a token is under way at a time. */
export function createTokenKeeper(settings: V5Settings): TokenKeeper {
  let token: Token | null = null;
  let renewal: { readonly signal: AbortSignal; readonly token: Promise<Token> } | null = null;
  const lock = refusals();

  async function renewed(context: Context): Promise<Token> {
    for (;;) {
      renewal ??= { signal: context.signal, token: renew(context).finally(() => { renewal = null; }) };
      const { signal, token: awaited } = renewal;
      try {
        return await awaited;
      } catch (error) {
        // Whoever asked for it was told to stop; that is no reason for the others.
        if (!signal.aborted || context.signal.aborted) throw error;
      }
    }
  }

  async function renew(context: Context): Promise<Token> {
    const refresh = token?.refresh ?? null;
    const refreshable = refresh !== null && refresh.until > context.clock.now() + MARGIN_MS;
    token = (refreshable ? await askWith({ grant_type: 'refresh_token', refresh_token: refresh.token }, settings, context) : null) ?? await logIn(context);
    return token;
  }

  async function logIn(context: Context): Promise<Token> {
    lock.requireOpen(context.clock.now());
    const found = await askWith({ grant_type: 'password', username: settings.login, password: settings.password }, settings, context);
    if (found === null) throw lock.close(context.clock.now());
    lock.open();
    return found;
  }

  return {
    async bearer(context, { fresh = false } = {}) {
      const now = context.clock.now();
      const good = token !== null && token.until > now + MARGIN_MS && (!fresh || token.since > now - FRESH_MS);
      return (good && token !== null ? token : await renewed(context)).bearer;
    },
    refused(bearer) {
      if (token?.bearer === bearer) token = { ...token, until: 0 };
    },
  };
}

/** Remembers that a password was refused. */
function refusals(): { requireOpen(now: number): void; close(now: number): Misconfigured; open(): void } {
  let pause = 0;
  let until = 0;
  return {
    requireOpen(now) {
      if (now < until) throw new Misconfigured(`i-Parapheur refused the login or the password; they are not tried again before ${new Date(until).toISOString()}, so that the account is not locked. Correct them in the configuration.`);
    },
    close(now) {
      pause = Math.min(LONGEST_PAUSE_MS, pause === 0 ? FIRST_PAUSE_MS : pause * 2);
      until = now + pause;
      return new Misconfigured('i-Parapheur refuses the login or the password: wrong, expired, or the account is locked. Correct them in the configuration, or have the account unlocked.');
    },
    open() {
      pause = 0;
      until = 0;
    },
  };
}

/** A token; null where the credentials are refused. Whatever else goes wrong, nothing of an item was sent. */
async function askWith(grant: Readonly<Record<string, string>>, settings: V5Settings, { http, clock }: Context): Promise<Token | null> {
  const who = `The token service of ${new URL(settings.url).origin}`;
  try {
    const answer = await http({
      method: 'POST', url: `${settings.url}${TOKEN_PATH}`, headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({ client_id: CLIENT_ID, ...grant }).toString(), ...reachOf(settings),
    });
    const now = clock.now();
    if (answer.status === 200) return readToken(await answer.text(), who, now);
    if (answer.status !== 400 && answer.status !== 401) throw await httpFailure(answer, who, now);
    const words = await answerWords(answer);
    if (words.includes('invalid_grant')) return null;
    throw new Misconfigured(`${who} answered ${answer.status}${words === '' ? '' : `: ${words}`}. Check the address.`);
  } catch (error) {
    const told = nothingSent(error);
    const { refresh_token: token } = grant;
    throw token === undefined || !(told instanceof Error) ? told : withoutToken(told, token);
  }
}

function readToken(text: string, who: string, now: number): Token {
  const { access_token: bearer, expires_in, refresh_token, refresh_expires_in = 0 } = readJson(tokenAnswer, text, who);
  // One that lives shorter than the margin is used for half of its life.
  const life = expires_in * 1000;
  const until = now + (life > 2 * MARGIN_MS ? life : MARGIN_MS + life / 2);
  return { bearer, since: now, until, refresh: refresh_token === undefined ? null : { token: refresh_token, until: now + refresh_expires_in * 1000 } };
}
