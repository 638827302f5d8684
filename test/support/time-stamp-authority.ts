import { createHash, webcrypto } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const OID = {
  commonName: '2.5.4.3', basicConstraints: '2.5.29.19', extendedKeyUsage: '2.5.29.37', timeStamping: '1.3.6.1.5.5.7.3.8',
  codeSigning: '1.3.6.1.5.5.7.3.3', tstInfo: '1.2.840.113549.1.9.16.1.4', signedData: '1.2.840.113549.1.7.2', contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4', signingCertificateV2: '1.2.840.113549.1.9.16.2.47', sha256: '2.16.840.1.101.3.4.2.1',
};
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };

interface Signer { readonly certificate: pkijs.Certificate; readonly key: webcrypto.CryptoKey }

/** A time-stamp authority (RFC 3161) of a test: its own root, its own signer, on loopback. */
export interface TimeStampAuthority {
  /** PEM of its root. */
  readonly ca: string;
  readonly url: string;
  /** A reply to a request, without the network. */
  reply(request: Uint8Array): Promise<Buffer>;
  close(): Promise<void>;
}

export async function startTimeStampAuthority({ forTimeStamps = true, now = () => new Date() }: { forTimeStamps?: boolean; now?: () => Date } = {}): Promise<TimeStampAuthority> {
  const root = await issue('Test root', null, null);
  const signer = await issue('Test time stamps', root, forTimeStamps ? OID.timeStamping : OID.codeSigning);
  const reply = (request: Uint8Array): Promise<Buffer> => answer(request, signer, now());
  const server = http.createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      response.setHeader('content-type', 'application/timestamp-reply');
      response.end(await reply(Buffer.concat(chunks)));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    ca: pem(root.certificate), url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, reply,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function issue(name: string, issuer: Signer | null, purpose: string | null): Promise<Signer> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ value: issuer === null ? 1 : 2 });
  certificate.subject.typesAndValues.push(new pkijs.AttributeTypeAndValue({ type: OID.commonName, value: new asn1js.Utf8String({ value: name }) }));
  const issuerName = issuer === null ? certificate.subject : issuer.certificate.subject;
  certificate.issuer = pkijs.RelativeDistinguishedNames.fromBER(issuerName.toSchema().toBER());
  certificate.notBefore.value = new Date(Date.UTC(2020, 0, 1));
  certificate.notAfter.value = new Date(Date.UTC(2049, 0, 1));
  const constraints = new pkijs.BasicConstraints({ cA: issuer === null });
  certificate.extensions = [new pkijs.Extension({ extnID: OID.basicConstraints, critical: true, extnValue: constraints.toSchema().toBER(), parsedValue: constraints })];
  if (purpose !== null) {
    const usage = new pkijs.ExtKeyUsage({ keyPurposes: [purpose] });
    certificate.extensions.push(new pkijs.Extension({ extnID: OID.extendedKeyUsage, critical: true, extnValue: usage.toSchema().toBER(), parsedValue: usage }));
  }
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  await certificate.sign((issuer?.key ?? keys.privateKey), 'SHA-256');
  return { certificate, key: keys.privateKey };
}

async function answer(bytes: Uint8Array, signer: Signer, at: Date): Promise<Buffer> {
  const request = pkijs.TimeStampReq.fromBER(new Uint8Array(bytes).buffer);
  const info = new pkijs.TSTInfo({
    version: 1, policy: '1.2.3.4.1', messageImprint: request.messageImprint, serialNumber: new asn1js.Integer({ value: 7 }), genTime: at,
    ...(request.nonce === undefined ? {} : { nonce: request.nonce }),
  });
  const content = Buffer.from(info.toSchema().toBER());
  const certificateHash = createHash('sha256').update(Buffer.from(signer.certificate.toSchema().toBER())).digest();
  const signed = new pkijs.SignedData({
    version: 3,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: OID.tstInfo, eContent: new asn1js.OctetString({ valueHex: buffer(content) }) }),
    certificates: [signer.certificate],
    signerInfos: [new pkijs.SignerInfo({
      version: 1,
      sid: new pkijs.IssuerAndSerialNumber({ issuer: signer.certificate.issuer, serialNumber: signer.certificate.serialNumber }),
      signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes: [
        attribute(OID.contentType, new asn1js.ObjectIdentifier({ value: OID.tstInfo })),
        attribute(OID.messageDigest, new asn1js.OctetString({ valueHex: buffer(createHash('sha256').update(content).digest()) })),
        // ESSCertIDv2 with its default algorithm, SHA-256 (RFC 5816)
        attribute(OID.signingCertificateV2, sequence(sequence(sequence(new asn1js.OctetString({ valueHex: buffer(certificateHash) }))))),
      ] }),
    })],
  });
  await signed.sign(signer.key, 0, 'SHA-256');
  const token = new pkijs.ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) });
  const response = new pkijs.TimeStampResp({ status: new pkijs.PKIStatusInfo({ status: pkijs.PKIStatus.granted }), timeStampToken: token });
  return Buffer.from(response.toSchema().toBER());
}

function attribute(type: string, value: asn1js.AsnType): pkijs.Attribute {
  return new pkijs.Attribute({ type, values: [value] });
}

function sequence(...value: asn1js.AsnType[]): asn1js.Sequence {
  return new asn1js.Sequence({ value });
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function pem(certificate: pkijs.Certificate): string {
  const base64 = Buffer.from(certificate.toSchema().toBER()).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}
