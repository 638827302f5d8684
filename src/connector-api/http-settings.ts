import { z } from 'zod';
import type { HttpRequest } from './http.js';
import { secret } from './secret.js';

const CERTIFICATE = 'a PEM text (give it as ${file:/path})';

function pem(): z.ZodString {
  return z.string().regex(/^\s*-----BEGIN /, CERTIFICATE);
}

const tlsSettings = z.strictObject({
  ca: pem().optional().describe('Certificate of an authority that is trusted beside the usual ones.'),
  cert: pem().optional().describe('Certificate that Relais shows.'),
  key: secret().optional().describe('Private key of that certificate.'),
  passphrase: secret().optional().describe('Passphrase of that key.'),
}).refine(({ cert, key }) => (cert === undefined) === (key === undefined), { error: 'cert and key, or none of both', path: ['key'] });

/** The address of a service: no user name, query or fragment. `expected` says it to whoever wrote another. */
export function httpAddress(expected: string): z.ZodString {
  return z.string().regex(/^https?:\/\/[^\s@?#]+$/, expected).refine((text) => URL.canParse(text), expected);
}

/** Settings of any connector that calls over HTTP: members for its own schema. */
export const httpSettings = {
  tls: tlsSettings.optional(),
  allowPrivate: z.boolean().default(false).describe('Allow addresses of this machine and of private networks. Needed for a system inside the town\'s own network.'),
  timeoutMs: z.int().min(100).default(30_000).describe('How long an answer may take, milliseconds; files get more by their size.'),
};

export interface HttpSettings {
  readonly tls?: z.infer<typeof tlsSettings> | undefined;
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
}

/** A line slower than this, in bytes a second, counts as broken. */
const SLOWEST = 64 * 1024;

/** Members of a request that these settings decide; `bytes` is the size of the files that travel with it. */
export function reachOf({ tls, allowPrivate, timeoutMs }: HttpSettings, bytes = 0): Pick<HttpRequest, 'tls' | 'allowPrivate' | 'timeoutMs'> {
  const { ca, cert, key, passphrase } = tls ?? {};
  const material = { ...(ca !== undefined && { ca }), ...(cert !== undefined && { cert }), ...(key !== undefined && { key }), ...(passphrase !== undefined && { passphrase }) };
  return { allowPrivate, timeoutMs: timeoutMs + Math.ceil((bytes / SLOWEST) * 1000), ...(tls !== undefined && { tls: material }) };
}
