import { constants, verify, type KeyObject } from 'node:crypto';
import * as pkijs from 'pkijs';
import { digestOf, type DigestName } from './digest-algorithms.js';

/** How a signature value was made. `salt` only for RSA-PSS; `joined` says that an ECDSA value is r and s side by side
 * (XML, RFC 9231) rather than DER (CMS). */
export interface SignatureScheme {
  readonly key: 'rsa' | 'rsa-pss' | 'ec';
  readonly digest: DigestName;
  readonly salt?: number;
  readonly joined?: boolean;
}

export type Scheme = SignatureScheme | { readonly refused: string };

const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';
const EC_KEY = '1.2.840.10045.2.1';
const NAMED: Readonly<Record<string, SignatureScheme>> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'sha512' },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'sha512' },
};
const WEAK: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'MD5', '1.2.840.113549.1.1.5': 'SHA-1', '1.2.840.10045.4.1': 'SHA-1',
};

/** How the signature of a CMS signer was made (RFC 5652, RFC 5754, RFC 4056). `digest` is the signer's digest algorithm,
 * which counts where the signature algorithm names the key only. */
export function schemeOfCms({ algorithmId, algorithmParams }: pkijs.AlgorithmIdentifier, digest: DigestName): Scheme {
  if (algorithmId === RSA) return { key: 'rsa', digest };
  if (algorithmId === EC_KEY) return { key: 'ec', digest };
  if (algorithmId === RSA_PSS) return pssScheme(algorithmParams);
  const weak = WEAK[algorithmId];
  return NAMED[algorithmId] ?? { refused: weak === undefined ? `the signature algorithm ${algorithmId} is not one that we know` : `${weak} is too weak to prove anything` };
}

function pssScheme(parameters: unknown): Scheme {
  const { hashAlgorithm, maskGenAlgorithm, saltLength } = new pkijs.RSASSAPSSParams({ schema: parameters });
  const digest = digestOf(hashAlgorithm.algorithmId);
  if ('refused' in digest) return digest;
  const mask = new pkijs.AlgorithmIdentifier({ schema: maskGenAlgorithm.algorithmParams });
  if (mask.algorithmId !== hashAlgorithm.algorithmId) return { refused: 'an RSA-PSS signature whose mask uses another digest is not supported' };
  return { key: 'rsa-pss', digest: digest.name, salt: saltLength };
}

/** Whether `value` is the signature of `content` by the owner of `key`. */
export function holds({ key: kind, digest, salt, joined = false }: SignatureScheme, content: Uint8Array, key: KeyObject, value: Uint8Array): boolean {
  const fits = kind === 'ec' ? key.asymmetricKeyType === 'ec' : key.asymmetricKeyType === 'rsa' || (kind === 'rsa-pss' && key.asymmetricKeyType === 'rsa-pss');
  if (!fits) return false;
  if (kind === 'ec') return verify(digest, content, { key, dsaEncoding: joined ? 'ieee-p1363' : 'der' }, value);
  if (kind === 'rsa') return verify(digest, content, { key, padding: constants.RSA_PKCS1_PADDING }, value);
  return verify(digest, content, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: salt ?? constants.RSA_PSS_SALTLEN_DIGEST }, value);
}
