import { X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

/** Signed data of the Cryptographic Message Syntax (RFC 5652), detached: it holds no content of its own. */
export interface Cms {
  readonly signers: readonly pkijs.SignerInfo[];
  readonly certificates: readonly X509Certificate[];
  /** Bytes that the structure takes; a signature in a PDF is followed by padding. */
  readonly length: number;
}

/** Says why bytes are no detached signature; the message is for the operator. */
export class NotCms extends Error {}

export const CMS_OID = {
  data: '1.2.840.113549.1.7.1', signedData: '1.2.840.113549.1.7.2', timeStampInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4', signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12', signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
} as const;

/** Signatures that carry lists of revoked certificates are large; this is larger. */
const LARGEST = 4 * 1024 * 1024;
const MOST_NODES = 50_000;
const MOST_SIGNERS = 50;
const MOST_CERTIFICATES = 50;

/** Reads DER or BER. Throws NotCms. */
export function readCms(bytes: Uint8Array): Cms {
  return readable(bytes, () => parse(bytes));
}

function readable<Value>(bytes: Uint8Array, read: () => Value): Value {
  if (bytes.length > LARGEST) throw new NotCms(`the signature is ${bytes.length} bytes long; ${LARGEST} is the most that is read`);
  try {
    return read();
  } catch (error) {
    if (error instanceof NotCms) throw error;
    throw new NotCms('the signature is not a readable CMS structure (PKCS#7)', { cause: error });
  }
}

/** A time stamp (RFC 3161): signed data around what the authority says. */
export interface TimeStampToken extends Cms {
  /** What is signed, as it was received. */
  readonly content: Buffer;
  readonly info: pkijs.TSTInfo;
}

/** Reads DER or BER. Throws NotCms. */
export function readTimeStampToken(bytes: Uint8Array): TimeStampToken {
  return readable(bytes, () => {
    const { signed, length } = parseSigned(bytes);
    const { eContentType, eContent } = signed.encapContentInfo;
    if (eContentType !== CMS_OID.timeStampInfo || eContent === undefined) throw new NotCms('the CMS structure holds no time stamp (RFC 3161)');
    const content = eContent.getValue();
    return { ...partsOf(signed, length), content: Buffer.from(content), info: pkijs.TSTInfo.fromBER(content) };
  });
}

function parse(bytes: Uint8Array): Cms {
  const { signed, length } = parseSigned(bytes);
  if (signed.encapContentInfo.eContent !== undefined) throw new NotCms('the signature holds a content of its own instead of that of the document');
  return partsOf(signed, length);
}

function parseSigned(bytes: Uint8Array): { signed: pkijs.SignedData; length: number } {
  const { offset, result } = asn1js.fromBER(new Uint8Array(bytes).buffer, { maxNodes: MOST_NODES });
  if (offset === -1) throw new NotCms(`the signature is not a readable CMS structure (PKCS#7): ${result.error.slice(0, 100)}`);
  const content = new pkijs.ContentInfo({ schema: result });
  if (content.contentType !== CMS_OID.signedData) throw new NotCms('the CMS structure is not signed data');
  const signed = new pkijs.SignedData({ schema: content.content as asn1js.Sequence });
  return { signed, length: offset };
}

function partsOf(signed: pkijs.SignedData, length: number): Cms {
  const certificates = (signed.certificates ?? []).filter((one) => one instanceof pkijs.Certificate);
  if (signed.signerInfos.length > MOST_SIGNERS || certificates.length > MOST_CERTIFICATES) throw new NotCms(`the signature has more than ${MOST_SIGNERS} signers or ${MOST_CERTIFICATES} certificates`);
  return { signers: signed.signerInfos, certificates: certificates.map((one) => new X509Certificate(Buffer.from(one.toSchema().toBER()))), length };
}
