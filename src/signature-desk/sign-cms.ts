import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { CMS_OID } from '../formats/signatures/cms.js';
import type { TestSigner } from './test-certificate.js';

const SHA256 = '2.16.840.1.101.3.4.2.1';
const SHA256_RSA = '1.2.840.113549.1.1.11';
const SHA256_ECDSA = '1.2.840.10045.4.3.2';

/** What is signed, by its SHA-256. `claimsTime`: the attribute signing-time, which PAdES leaves to the PDF (ETSI EN 319 142-1 §5.3). */
export interface CmsOrder {
  readonly digest: Buffer;
  readonly claimsTime: boolean;
  /** What the structure holds itself, of which `digest` is; none where it is detached. */
  readonly content?: { readonly type: string; readonly bytes: Buffer };
}

/** A detached signature (CMS, DER) with the attributes of CAdES and PAdES, baseline B. `at`: epoch milliseconds. */
export function signCms({ digest, claimsTime, content }: CmsOrder, { certificatePem, privateKeyPem, caPem }: TestSigner, at: number): Buffer {
  const [certificate, authority] = [certificatePem, caPem].map((pem) => pkijs.Certificate.fromBER(new Uint8Array(new X509Certificate(pem).raw).buffer));
  if (certificate === undefined || authority === undefined) throw new TypeError('a signer has two certificates');
  const key = createPrivateKey(privateKeyPem);
  const attributes = signedAttributes({ digest, type: content?.type ?? CMS_OID.data }, new X509Certificate(certificatePem).raw, claimsTime ? new Date(at) : null);
  const signedBytes = Buffer.from(new asn1js.Set({ value: attributes.map((attribute): asn1js.BaseBlock => attribute.toSchema()) }).toBER());
  const signer = new pkijs.SignerInfo({
    version: 1,
    sid: new pkijs.IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
    digestAlgorithm: algorithm(SHA256),
    signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes }),
    signatureAlgorithm: key.asymmetricKeyType === 'rsa' ? algorithm(SHA256_RSA) : new pkijs.AlgorithmIdentifier({ algorithmId: SHA256_ECDSA }),
    signature: new asn1js.OctetString({ valueHex: arrayBuffer(sign('sha256', signedBytes, key)) }),
  });
  const signed = new pkijs.SignedData({
    version: 1,
    digestAlgorithms: [algorithm(SHA256)],
    encapContentInfo: new pkijs.EncapsulatedContentInfo(content === undefined ? { eContentType: CMS_OID.data } : { eContentType: content.type, eContent: new asn1js.OctetString({ valueHex: arrayBuffer(content.bytes) }) }),
    certificates: [certificate, authority],
    signerInfos: [signer],
  });
  return Buffer.from(new pkijs.ContentInfo({ contentType: CMS_OID.signedData, content: signed.toSchema(true) }).toSchema().toBER());
}

function signedAttributes({ digest, type }: { digest: Buffer; type: string }, certificate: Buffer, signingTime: Date | null): pkijs.Attribute[] {
  const certificateDigest = createHash('sha256').update(certificate).digest();
  const attributes = [
    attribute(CMS_OID.contentType, new asn1js.ObjectIdentifier({ value: type })),
    attribute(CMS_OID.messageDigest, new asn1js.OctetString({ valueHex: arrayBuffer(digest) })),
    // one ESSCertIDv2 with its default algorithm, SHA-256 (RFC 5035 §3)
    attribute(CMS_OID.signingCertificateV2, sequence(sequence(sequence(new asn1js.OctetString({ valueHex: arrayBuffer(certificateDigest) }))))),
  ];
  if (signingTime !== null) attributes.push(attribute(CMS_OID.signingTime, new asn1js.UTCTime({ valueDate: signingTime })));
  // what is signed is the DER of the set, and DER puts the members of a set in the order of their bytes
  return attributes.sort((one, other) => Buffer.compare(encoded(one), encoded(other)));
}

function attribute(type: string, value: asn1js.AsnType): pkijs.Attribute {
  return new pkijs.Attribute({ type, values: [value] });
}

function encoded(one: pkijs.Attribute): Buffer {
  return Buffer.from(one.toSchema().toBER());
}

function algorithm(algorithmId: string): pkijs.AlgorithmIdentifier {
  return new pkijs.AlgorithmIdentifier({ algorithmId, algorithmParams: new asn1js.Null() });
}

function sequence(...value: asn1js.AsnType[]): asn1js.Sequence {
  return new asn1js.Sequence({ value });
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
