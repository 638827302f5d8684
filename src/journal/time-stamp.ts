import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

/** Time stamps as RFC 3161 defines them: the authority signs that it has seen a hash at a time. */
export interface TimeStampRequest {
  /** DER, to be posted as application/timestamp-query. */
  readonly bytes: Buffer;
  readonly nonce: Buffer;
}

/** Says why a reply or a token proves nothing; the message is for the operator. */
export class TimeStampRefused extends Error {}

const SHA256 = '2.16.840.1.101.3.4.2.1';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const NONCE_BYTES = 8;

/** Asks for a token over the SHA-256 of `text`, with the certificate of the signer in it. */
export function timeStampRequest(text: string): TimeStampRequest {
  const nonce = randomBytes(NONCE_BYTES);
  // a leading zero would be dropped by the encoding, a leading one bit would be a sign
  nonce[0] = ((nonce[0] ?? 0) & 0x7f) | 0x40;
  const request = new pkijs.TimeStampReq({
    version: 1,
    messageImprint: new pkijs.MessageImprint({
      hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: SHA256, algorithmParams: new asn1js.Null() }),
      hashedMessage: new asn1js.OctetString({ valueHex: arrayBuffer(sha256(text)) }),
    }),
    nonce: new asn1js.Integer({ valueHex: arrayBuffer(nonce) }),
    certReq: true,
  });
  return { bytes: Buffer.from(request.toSchema().toBER()), nonce };
}

/** Takes the token out of a reply and verifies it. Returns DER in base64. Throws TimeStampRefused. */
export async function tokenOfReply(reply: Buffer, text: string, request: TimeStampRequest, ca: string): Promise<string> {
  const parsed = parse(() => pkijs.TimeStampResp.fromBER(arrayBuffer(reply)), 'the reply is not a time-stamp reply (RFC 3161)');
  const status: number = parsed.status.status;
  if (status > 1 || parsed.timeStampToken === undefined) throw new TimeStampRefused(`the time-stamp authority refused (status ${status})`);
  const token = Buffer.from(parsed.timeStampToken.toSchema().toBER()).toString('base64');
  const { info } = await verifyToken(token, text, ca);
  const nonce = info.nonce === undefined ? null : Buffer.from(info.nonce.valueBlock.valueHexView);
  if (nonce?.equals(request.nonce) !== true) throw new TimeStampRefused('the token answers another request (nonce)');
  return token;
}

/** Verifies that a token covers `text` and was signed by a time-stamp authority below `ca` (PEM, one or more
 * certificates). Resolves with its time, epoch milliseconds. Throws TimeStampRefused. */
export async function checkToken(token: string, text: string, ca: string): Promise<number> {
  return (await verifyToken(token, text, ca)).info.genTime.getTime();
}

async function verifyToken(token: string, text: string, ca: string): Promise<{ info: pkijs.TSTInfo }> {
  const signed = parse(() => {
    const content = pkijs.ContentInfo.fromBER(arrayBuffer(Buffer.from(token, 'base64')));
    return new pkijs.SignedData({ schema: content.content as asn1js.Sequence });
  }, 'the token is not signed data');
  const info = parse(() => tstInfoOf(signed), 'the token holds no time-stamp information');
  if (info.messageImprint.hashAlgorithm.algorithmId !== SHA256) throw new TimeStampRefused('the token is not over a SHA-256 hash');
  if (!Buffer.from(info.messageImprint.hashedMessage.valueBlock.valueHexView).equals(sha256(text))) throw new TimeStampRefused('the token is over something else');
  const answer = await signed.verify({
    signer: 0, data: arrayBuffer(Buffer.from(text)), trustedCerts: certificatesOf(ca), checkChain: true, checkDate: info.genTime, extendedMode: true,
  }).catch((error: unknown) => { throw new TimeStampRefused(`its signature or its certificate is not good: ${reasonOf(error)}`, { cause: error }); });
  if (answer.signatureVerified !== true) throw new TimeStampRefused('its signature is not good');
  if (answer.signerCertificate === null || answer.signerCertificate === undefined || !isForTimeStamps(answer.signerCertificate)) throw new TimeStampRefused('it was signed with a certificate that is not for time stamps');
  return { info };
}

function tstInfoOf(signed: pkijs.SignedData): pkijs.TSTInfo {
  const { eContentType, eContent } = signed.encapContentInfo;
  if (eContentType !== TST_INFO || eContent === undefined) throw new TypeError('no TSTInfo');
  const content = eContent.getValue();
  // the library verifies content in one piece only, but BER allows several
  signed.encapContentInfo.eContent = new asn1js.OctetString({ valueHex: content });
  return pkijs.TSTInfo.fromBER(content);
}

function isForTimeStamps(certificate: pkijs.Certificate): boolean {
  const usage = certificate.extensions?.find(({ extnID }) => extnID === EXTENDED_KEY_USAGE)?.parsedValue as pkijs.ExtKeyUsage | undefined;
  return usage?.keyPurposes.includes(TIME_STAMPING) === true;
}

function certificatesOf(pem: string): pkijs.Certificate[] {
  const found = [...pem.matchAll(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)];
  return found.map(([one]) => pkijs.Certificate.fromBER(arrayBuffer(new X509Certificate(one).raw)));
}

function parse<Value>(read: () => Value, problem: string): Value {
  try {
    return read();
  } catch (error) {
    throw new TimeStampRefused(problem, { cause: error });
  }
}

/** pkijs rejects with an object whose message says what happened. */
function reasonOf(error: unknown): string {
  const { message, code } = error as { message?: unknown; code?: unknown };
  return typeof message === 'string' && message !== '' ? message : `code ${String(code)}`;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
