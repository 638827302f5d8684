import { createHash, type X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { CMS_OID, type Cms } from './cms.js';
import { digestOf, pointerDigest, type DigestName } from './digest-algorithms.js';
import type { Findings } from './findings.js';
import type { SignatureRules } from './report.js';
import { holds, schemeOfCms } from './signature-value.js';
import { judgeSigner, oneLine } from './signer-certificate.js';

export type Digests = ReadonlyMap<DigestName, Buffer>;

/** The digests of the document that the signers of a structure need. */
export function digestsWanted({ signers }: Cms): DigestName[] {
  return [...new Set(signers.map(({ digestAlgorithm }) => digestOf(digestAlgorithm.algorithmId)).flatMap((digest) => 'name' in digest ? [digest.name] : []))];
}

/** Judges every signer of a structure over a document with these digests. `claimedAt` is a time said beside the
 * structure (a PDF says it in the dictionary), which counts where the signer says none. */
export function checkCms(cms: Cms, digests: Digests, rules: SignatureRules, findings: Findings, claimedAt: number | null = null): void {
  if (cms.signers.length === 0) findings.problems.push('the signature has no signer');
  for (const signer of cms.signers) {
    try {
      checkSigner(signer, cms, digests, rules, findings, claimedAt);
    } catch (error) {
      // what the libraries throw at malformed parts is not for the operator; that they do is
      findings.problems.push(`a signer of the signature cannot be read (${error instanceof Error ? error.message.slice(0, 100) : 'malformed'})`);
    }
  }
}

function checkSigner(signer: pkijs.SignerInfo, { certificates }: Cms, digests: Digests, rules: SignatureRules, findings: Findings, claimedAt: number | null): void {
  const certificate = certificateOf(signer, certificates);
  if (certificate === undefined) { findings.problems.push('the certificate of a signer is not in the signature'); return; }
  const attributes = signer.signedAttrs?.attributes ?? [];
  judgeSigner(certificate, certificates, signingTime(attributes) ?? claimedAt, rules, findings);
  const problem = signerProblem(signer, certificate, digests, CMS_OID.data);
  if (problem !== null) findings.problems.push(`the signature of ${oneLine(certificate.subject)} does not hold: ${problem}`);
}

/** The certificate among these that a signer names. */
export function certificateOf(signer: pkijs.SignerInfo, certificates: readonly X509Certificate[]): X509Certificate | undefined {
  return certificates.find((one) => isOf(signer, one));
}

/** Why a signer's signature does not hold over a content of this type with these digests; null where it does. Throws at what is malformed. */
export function signerProblem(signer: pkijs.SignerInfo, certificate: X509Certificate, digests: Digests, contentType: string): string | null {
  return attributesProblem(signer, certificate, digests, contentType) ?? valueProblem(signer, certificate);
}

function isOf({ sid }: pkijs.SignerInfo, certificate: X509Certificate): boolean {
  const parsed = pkijs.Certificate.fromBER(new Uint8Array(certificate.raw).buffer);
  if (sid instanceof pkijs.IssuerAndSerialNumber) return sid.serialNumber.isEqual(parsed.serialNumber) && sid.issuer.isEqual(parsed.issuer);
  const identifier: unknown = parsed.extensions?.find(({ extnID }) => extnID === '2.5.29.14')?.parsedValue;
  return identifier instanceof asn1js.OctetString && keyIdentifier(sid).equals(Buffer.from(identifier.getValue()));
}

/** `[0] IMPLICIT OCTET STRING`; the library keeps it as it found it. */
function keyIdentifier(sid: unknown): Buffer {
  const { valueBlock } = sid as { valueBlock?: { valueHexView?: Uint8Array } };
  return Buffer.from(valueBlock?.valueHexView ?? []);
}

function attributesProblem({ signedAttrs, digestAlgorithm }: pkijs.SignerInfo, certificate: X509Certificate, digests: Digests, contentType: string): string | null {
  if (signedAttrs === undefined) return 'it has no signed attributes, so nothing ties it to its certificate';
  const { attributes } = signedAttrs;
  if (new Set(attributes.map(({ type }) => type)).size !== attributes.length) return 'an attribute occurs twice';
  const digest = digestOf(digestAlgorithm.algorithmId);
  if ('refused' in digest) return digest.refused;
  const type = only(attributes, CMS_OID.contentType);
  if (!(type instanceof asn1js.ObjectIdentifier) || type.valueBlock.toString() !== contentType) return 'it was made for another type of content';
  const stated = only(attributes, CMS_OID.messageDigest);
  if (!(stated instanceof asn1js.OctetString)) return 'it does not say the digest of the document';
  if (digests.get(digest.name)?.equals(Buffer.from(stated.getValue())) !== true) return 'the document is not the one that was signed (digest)';
  return certificateProblem(attributes, certificate);
}

/** Signing-certificate attributes (RFC 5035) say by digest which certificate the signer meant. */
function certificateProblem(attributes: readonly pkijs.Attribute[], certificate: X509Certificate): string | null {
  const [second, first] = [only(attributes, CMS_OID.signingCertificateV2), only(attributes, CMS_OID.signingCertificate)];
  for (const [value, version] of [[second, 2], [first, 1]] as const) {
    if (value === undefined) continue;
    const identifier = child(child(child(value, 0), 0), 0);
    const named = identifier instanceof asn1js.Sequence;
    const algorithm = named ? pointerDigest(algorithmOf(identifier)) : version === 2 ? 'sha256' : 'sha1';
    const stated = named ? child(child(child(value, 0), 0), 1) : identifier;
    if (algorithm === null || !(stated instanceof asn1js.OctetString)) return 'what it says of its certificate cannot be read';
    if (!createHash(algorithm).update(certificate.raw).digest().equals(Buffer.from(stated.getValue()))) return 'it was made for another certificate';
  }
  return null;
}

function algorithmOf(identifier: asn1js.Sequence): string {
  const first = child(identifier, 0);
  return first instanceof asn1js.ObjectIdentifier ? first.valueBlock.toString() : '';
}

function valueProblem(signer: pkijs.SignerInfo, certificate: X509Certificate): string | null {
  const digest = digestOf(signer.digestAlgorithm.algorithmId);
  if ('refused' in digest) return digest.refused;
  const scheme = schemeOfCms(signer.signatureAlgorithm, digest.name);
  if ('refused' in scheme) return scheme.refused;
  // the attributes as they were received, tagged as the set that was signed (RFC 5652 §5.4)
  const signed = new Uint8Array(signer.signedAttrs?.encodedValue ?? new ArrayBuffer(0));
  return holds(scheme, signed, certificate.publicKey, new Uint8Array(signer.signature.getValue())) ? null : 'its value was not made with the key of its certificate over these attributes';
}

function signingTime(attributes: readonly pkijs.Attribute[]): number | null {
  const value = only(attributes, CMS_OID.signingTime);
  return value instanceof asn1js.UTCTime || value instanceof asn1js.GeneralizedTime ? value.toDate().getTime() : null;
}

/** The value of an attribute that has exactly one. */
function only(attributes: readonly pkijs.Attribute[], type: string): unknown {
  const values: readonly unknown[] = attributes.find((attribute) => attribute.type === type)?.values ?? [];
  return values.length === 1 ? values[0] : undefined;
}

function child(block: unknown, index: number): unknown {
  return block instanceof asn1js.Sequence ? block.valueBlock.value[index] : undefined;
}
