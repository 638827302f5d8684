import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import { StateRefusal } from '../../src/state-desk/state-refusal.js';
import { ACCOUNTS, accountsOf, basicOf, callerOf, type SimulatedAccount } from './simulated-accounts.js';
import { ko, redirect } from './simulated-answers.js';
import { encodingOf, type Platform } from './simulated-platform.js';

/** How long a nonce holds (contracts/s2low.md §1); it may be used more than once. */
const NONCE_MS = 5 * 60_000;

interface Nonce { readonly authority: string; readonly until: number }

/** Who is let in, and how those are answered who are not (contracts/s2low.md §1). */
export interface Entry {
  /** The account of a request, or the answer that refuses it. */
  admit(request: IncomingMessage, url: URL): SimulatedAccount | HttpReply;
  /** Addresses that answer whoever shows a certificate. Undefined for what is none of them. */
  open(request: IncomingMessage, url: URL): HttpReply | Promise<HttpReply> | undefined;
}

/** Addresses whose refusals are pages and no texts (§2). */
const PAGES = /_download_|_create_pdf|_post_confirm|\/index\.php$|_show\.php$/;

export function createEntry(platform: Platform): Entry {
  const nonces = new Map<string, Nonce>();

  /** By the certificate or, in a browser that was sent here, by the nonce in its address. */
  function callerBy(request: IncomingMessage, query: URLSearchParams): SimulatedAccount | 'several' | 'nobody' {
    const nonce = nonces.get(query.get('nounce') ?? '');
    if (nonce === undefined) return callerOf(request);
    const issuer = ACCOUNTS.find(({ login, authority }) => login === query.get('login') && authority === nonce.authority);
    const hash = createHash('sha256').update(`${issuer?.password ?? ''}:${query.get('nounce') ?? ''}`).digest('hex');
    if (issuer === undefined || platform.clock.now() > nonce.until || query.get('hash') !== hash) return 'nobody';
    return accountsOf(request).find(({ authority }) => authority === nonce.authority) ?? 'nobody';
  }

  return {
    admit(request, { pathname, searchParams }) {
      const caller = callerBy(request, searchParams);
      if (typeof caller === 'object') return caller;
      if (PAGES.test(pathname)) return redirect(caller === 'several' ? '/login.php?error=multiple_accounts' : '/connexion-status');
      return ko('Échec de l\'authentification', encodingOf(platform));
    },
    open(request, { pathname }) {
      if (pathname === '/api/test-connexion.php') return typeof callerOf(request) === 'object' ? { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' } : ko('Échec de l\'authentification', encodingOf(platform));
      if (pathname === '/admin/users/api-list-login.php') return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(accountsOf(request).map(({ login }) => `${login}\n`).join(''), encodingOf(platform)) };
      if (pathname !== '/api/get-nounce.php') return undefined;
      const caller = callerOf(request);
      if (basicOf(request) === undefined || typeof caller !== 'object') return { status: 401, headers: { 'www-authenticate': 'Basic realm="S2LOW"' } };
      const nounce = randomUUID();
      nonces.set(nounce, { authority: caller.authority, until: platform.clock.now() + NONCE_MS });
      return jsonReply({ nounce });
    },
  };
}

/** `actes_transac_post_confirm_api.php`: an agent posts what was deposited, and goes back to where he came from, with what happened in the address
 * (contracts/s2low.md §3.7). */
export async function confirmAct(query: URLSearchParams, account: SimulatedAccount, { desk, has }: Platform): Promise<HttpReply> {
  const back = (isError: boolean, message: string): HttpReply => redirect((query.get('url_return') ?? '/').replaceAll('%%ERROR%%', isError ? '1' : '0').replaceAll('%%MESSAGE%%', message));
  if (has('not-rgs')) return back(true, 'Certificat non RGS');
  if (account.right !== 'TT') return back(true, 'Pas le droit de teletransmettre');
  try {
    if (desk.prefecture.find(query.get('id') ?? '')?.authority !== account.authority) return back(true, 'Transaction inconnue');
    await desk.prefecture.post(query.get('id') ?? '');
    return back(false, 'Transaction postee');
  } catch (error) {
    if (error instanceof StateRefusal) return back(true, 'La transaction n\'attend pas de confirmation');
    throw error;
  }
}

/** The one for several: without places for what happened, and silent about those that it leaves out. */
export async function confirmActs(query: URLSearchParams, account: SimulatedAccount, { desk }: Platform): Promise<HttpReply> {
  for (const id of query.getAll('id[]')) {
    const found = desk.prefecture.find(id);
    if (found?.authority === account.authority && found.stage === 'waiting') await desk.prefecture.post(id);
  }
  return redirect(query.get('url_return') ?? '/');
}
