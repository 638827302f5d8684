import { X509Certificate } from 'node:crypto';
import { Misconfigured } from '../../src/connector-api/failures.js';
import type { S2lowSettings } from './config.js';

/** Throws Misconfigured for a client certificate that does not hold now: the other side would only close the connection, without a word
 * (contracts/s2low.md §1). `now` is epoch milliseconds. */
export function requireCertificate({ tls }: S2lowSettings, now: number): void {
  if (tls?.cert === undefined) return;
  const { validFrom, validTo } = read(tls.cert);
  const day = (moment: string): string => new Date(moment).toISOString().slice(0, 10);
  if (now < Date.parse(validFrom)) throw new Misconfigured(`The client certificate (tls.cert) holds from ${day(validFrom)} only: S2LOW refuses it until then. Give the one in force.`);
  if (now > Date.parse(validTo)) throw new Misconfigured(`The client certificate (tls.cert) expired on ${day(validTo)}: S2LOW refuses it. Give the renewed one, and have it added to the account over there before.`);
}

function read(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new Misconfigured('The client certificate (tls.cert) cannot be read: a certificate in PEM is needed.', { cause: error });
  }
}
