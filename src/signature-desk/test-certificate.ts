import { createHash, createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

/** A person who signs in rehearsals, with a certificate of an authority that nobody trusts. All PEM. */
export interface TestSigner {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  /** The authority that issued the certificate. */
  readonly caPem: string;
}

export interface TestSignerOptions {
  readonly name: string;
  readonly organisation?: string;
  /** Epoch milliseconds; a year ago by default. */
  readonly notBefore?: number;
  /** Epoch milliseconds; in ten years by default. */
  readonly notAfter?: number;
  /** Kind of key; RSA of 2048 bits by default, else ECDSA on P-256. */
  readonly key?: 'rsa' | 'ec';
  /** A certificate for time stamps (RFC 3161 §2.3), and for nothing else. */
  readonly stampsTime?: boolean;
}

interface KeyPair { readonly publicKey: webcrypto.CryptoKey; readonly privateKey: webcrypto.CryptoKey }
interface Issuer { readonly certificate: pkijs.Certificate; readonly key: webcrypto.CryptoKey }

const KEYS = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
  ec: { name: 'ECDSA', namedCurve: 'P-256' },
};
const OID = { commonName: '2.5.4.3', organisation: '2.5.4.10', country: '2.5.4.6', basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', keyIdentifier: '2.5.29.14', extendedKeyUsage: '2.5.29.37', timeStamping: '1.3.6.1.5.5.7.3.8' };
const YEAR_MS = 365 * 86_400_000;
const SERIAL_BYTES = 12;
/** digitalSignature and nonRepudiation; keyCertSign and cRLSign (RFC 5280 §4.2.1.3). */
const USAGE = { signer: [0xc0, 6], authority: [0x06, 1] } as const;

/** Makes a signer with a new key, below an authority of its own. */
export async function makeTestSigner({ name, organisation = 'Relais rehearsals', notBefore = Date.now() - YEAR_MS, notAfter = Date.now() + 10 * YEAR_MS, key = 'rsa', stampsTime = false }: TestSignerOptions): Promise<TestSigner> {
  const validity = { notBefore: new Date(notBefore), notAfter: new Date(notAfter) };
  const authorityKeys = await generate('ec');
  const authority = await issue({ name: 'Test authority, trusted by nobody', organisation: 'Relais rehearsals' }, authorityKeys, null, validity);
  const keys = await generate(key);
  const certificate = await issue({ name, organisation, stampsTime }, keys, { certificate: authority, key: authorityKeys.privateKey }, validity);
  const exported = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKeyPem = createPrivateKey({ key: exported, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificatePem: pem(certificate), privateKeyPem, caPem: pem(authority) };
}

function generate(kind: 'rsa' | 'ec'): Promise<KeyPair> {
  return webcrypto.subtle.generateKey(KEYS[kind], true, ['sign', 'verify']);
}

async function issue(subject: { name: string; organisation: string; stampsTime?: boolean }, keys: KeyPair, issuer: Issuer | null, { notBefore, notAfter }: { notBefore: Date; notAfter: Date }): Promise<pkijs.Certificate> {
  const certificate = new pkijs.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1js.Integer({ valueHex: serialNumber() });
  certificate.subject = nameOf(subject);
  const issuerName = issuer === null ? certificate.subject : issuer.certificate.subject;
  certificate.issuer = pkijs.RelativeDistinguishedNames.fromBER(issuerName.toSchema().toBER());
  certificate.notBefore = time(notBefore);
  certificate.notAfter = time(notAfter);
  const constraints = new pkijs.BasicConstraints({ cA: issuer === null });
  const [bits, unusedBits] = issuer === null ? USAGE.authority : USAGE.signer;
  const usage = new asn1js.BitString({ valueHex: new Uint8Array([bits]).buffer, unusedBits });
  certificate.extensions = [
    new pkijs.Extension({ extnID: OID.basicConstraints, critical: true, extnValue: constraints.toSchema().toBER(), parsedValue: constraints }),
    new pkijs.Extension({ extnID: OID.keyUsage, critical: true, extnValue: usage.toBER(), parsedValue: usage }),
  ];
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const identifier = new asn1js.OctetString({ valueHex: new Uint8Array(createHash('sha1').update(Buffer.from(certificate.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView)).digest()).buffer });
  if (subject.stampsTime === true) {
    const purposes = new pkijs.ExtKeyUsage({ keyPurposes: [OID.timeStamping] });
    certificate.extensions.push(new pkijs.Extension({ extnID: OID.extendedKeyUsage, critical: true, extnValue: purposes.toSchema().toBER(), parsedValue: purposes }));
  }
  certificate.extensions.push(new pkijs.Extension({ extnID: OID.keyIdentifier, critical: false, extnValue: identifier.toBER(), parsedValue: identifier }));
  await certificate.sign(issuer?.key ?? keys.privateKey, 'SHA-256');
  return certificate;
}

/** One part after the other, widest first; the library would put them all in one. */
function nameOf({ name, organisation }: { name: string; organisation: string }): pkijs.RelativeDistinguishedNames {
  const parts = [[OID.country, new asn1js.PrintableString({ value: 'BE' })], [OID.organisation, new asn1js.Utf8String({ value: organisation })], [OID.commonName, new asn1js.Utf8String({ value: name })]] as const;
  const sets = parts.map(([type, value]) => new asn1js.Set({ value: [new pkijs.AttributeTypeAndValue({ type, value }).toSchema()] }));
  return pkijs.RelativeDistinguishedNames.fromBER(new asn1js.Sequence({ value: sets }).toBER());
}

/** Years before 1950 and from 2050 on need the longer form (RFC 5280 §4.1.2.5). */
function time(value: Date): pkijs.Time {
  return new pkijs.Time({ type: value.getUTCFullYear() < 2050 ? pkijs.TimeType.UTCTime : pkijs.TimeType.GeneralizedTime, value });
}

/** Positive, and without a leading zero that the encoding would drop. */
function serialNumber(): ArrayBuffer {
  const serial = new Uint8Array(randomBytes(SERIAL_BYTES));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial.buffer;
}

function pem(certificate: pkijs.Certificate): string {
  const base64 = Buffer.from(certificate.toSchema().toBER()).toString('base64');
  return `-----BEGIN CERTIFICATE-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}
