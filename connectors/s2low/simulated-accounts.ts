import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import { NO_ACCOUNT, ONE_ACCOUNT, SEVERAL_ACCOUNTS } from './simulated-certificates.js';

/** An account of the simulated platform. */
export interface SimulatedAccount {
  /** PEM of the certificate by which it is found. */
  readonly certificate: string;
  /** Empty: it has none. */
  readonly login: string;
  readonly password: string;
  /** SIREN. */
  readonly authority: string;
  /** TT: it may teletransmit; CS: deposit only (contracts/s2low.md §1). */
  readonly right: 'TT' | 'CS';
}

/** A town with two accounts for its certificate, and one with a single account without a login. */
export const TOWN = '213400017';
export const OTHER_TOWN = '213400025';

export const LOGIN = 'relais';
export const DEPOSITOR = 'dépôt';
export const PASSWORD = 'répétition-de-la-télétransmission';

export const ACCOUNTS: readonly SimulatedAccount[] = [
  { certificate: SEVERAL_ACCOUNTS.cert, login: LOGIN, password: PASSWORD, authority: TOWN, right: 'TT' },
  { certificate: SEVERAL_ACCOUNTS.cert, login: DEPOSITOR, password: PASSWORD, authority: TOWN, right: 'CS' },
  { certificate: ONE_ACCOUNT.cert, login: '', password: '', authority: OTHER_TOWN, right: 'TT' },
];

/** Certificates that the simulated platform trusts, whoever has an account with them. */
export const CERTIFICATES = { several: SEVERAL_ACCOUNTS, one: ONE_ACCOUNT, none: NO_ACCOUNT } as const;

/** Who asks; or why he is not let in: the certificate has several accounts and none was named, or there is none. */
export type Caller = SimulatedAccount | 'several' | 'nobody';

/** The account of a request: found by its certificate and, where that has several, by login and password as ISO-8859-1 (contracts/s2low.md §1). */
export function callerOf(request: IncomingMessage): Caller {
  const found = accountsOf(request);
  const [only, other] = found;
  if (only === undefined) return 'nobody';
  if (other === undefined) return only;
  const given = basicOf(request);
  return found.find(({ login, password }) => given === `${login}:${password}`) ?? 'several';
}

/** Accounts of the certificate that is shown. */
export function accountsOf({ socket }: IncomingMessage): readonly SimulatedAccount[] {
  if (!(socket instanceof TLSSocket)) return [];
  const { fingerprint256 } = socket.getPeerCertificate();
  return ACCOUNTS.filter(({ certificate }) => new X509Certificate(certificate).fingerprint256 === fingerprint256);
}

/** What stands in the header; undefined where there is none. */
export function basicOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('latin1');
}
