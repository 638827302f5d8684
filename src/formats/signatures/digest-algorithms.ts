/** A digest that signatures of today are made with, by the name that node:crypto gives it. */
export type DigestName = 'sha256' | 'sha384' | 'sha512';

const BY_IDENTIFIER: Readonly<Record<string, DigestName>> = {
  // NIST, RFC 5754
  '2.16.840.1.101.3.4.2.1': 'sha256', '2.16.840.1.101.3.4.2.2': 'sha384', '2.16.840.1.101.3.4.2.3': 'sha512',
  // W3C: XML Encryption and RFC 9231
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

/** Collisions can be made: what was signed with them proves nothing. */
const WEAK: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'SHA-1', '1.2.840.113549.2.5': 'MD5',
  'http://www.w3.org/2000/09/xmldsig#sha1': 'SHA-1',
};

export type Digest = { readonly name: DigestName } | { readonly refused: string };

/** The digest behind an object identifier or a URI, or why it is not taken. */
export function digestOf(identifier: string): Digest {
  const name = BY_IDENTIFIER[identifier];
  if (name !== undefined) return { name };
  const weak = WEAK[identifier];
  return { refused: weak === undefined ? `the digest ${identifier.slice(0, 100)} is not one that we know` : `${weak} is too weak to prove anything` };
}

/** The name of a digest that only has to point at a certificate, where SHA-1 still does; null when unknown. */
export function pointerDigest(identifier: string): DigestName | 'sha1' | null {
  return BY_IDENTIFIER[identifier] ?? (WEAK[identifier] === 'SHA-1' ? 'sha1' : null);
}
