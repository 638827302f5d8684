import { Misconfigured, NotSent, OutcomeUnknown, type Failure } from '../connector-api/failures.js';
import { NotPublic } from './public-address.js';

/** Codes with which Node and OpenSSL report that one side's certificate is not trusted by the other. */
const TRUST = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w*(?:CERT|ISSUER|LEAF|CRL)\w*|CERT_\w+|CRL_\w+|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED|ERR_TLS_CERT_ALTNAME_\w+|ERR_SSL_\w*(?:CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)\w*)$/;

/** The same in the text of an EPROTO, which is how an alert shows while the request is being written. */
const TRUST_ALERT = /alert (?:\w+ )*(?:certificate|unknown ca|access denied)/;

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'the name is not known'],
  ['EAI_AGAIN', 'the name cannot be resolved now'],
  ['EHOSTUNREACH', 'there is no way to it'],
  ['ENETUNREACH', 'there is no way to it'],
  ['ETIMEDOUT', 'it did not answer the connection'],
  ['ECONNRESET', 'the connection was cut'],
  ['EPIPE', 'the connection was cut'],
  ['EPROTO', 'the TLS handshake failed (does it speak TLS on that port?)'],
]);

/** What ended an exchange before its answer. `begun`: bytes of the request may have left. `message` names the other side by
 * its origin only: paths and queries may hold tokens. */
export function failureOf(error: unknown, origin: string, begun: boolean): Failure {
  if (error instanceof NotPublic) return new Misconfigured(`${origin} leads to this machine or into a private network. If that is meant, set allowPrivate: true.`, { cause: error });
  const code = codeOf(error);
  if (TRUST.test(code) || (code === 'EPROTO' && TRUST_ALERT.test(String(error)))) return new Misconfigured(`The certificates of ${origin} and of Relais do not fit (${code}).`, { cause: error });
  if (begun) return new OutcomeUnknown(`${origin} was given the request and did not answer: ${wordsOf(error, code)}.`, { cause: error });
  return new NotSent(`${origin} could not be reached: ${wordsOf(error, code)}.`, { cause: error });
}

/** An end that Relais itself put to the exchange; the message says why. */
export class Ended extends Error {}

function wordsOf(error: unknown, code: string): string {
  return error instanceof Ended ? error.message : WORDS.get(code) ?? (code === '' ? 'the exchange failed' : code);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
