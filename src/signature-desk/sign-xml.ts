import { createHash, X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import { elementsOf, isSignature, readXml, rootOf, SIGNATURE_NS, writeXml } from '../formats/signatures/xml-document.js';
import type { TestSigner } from './test-certificate.js';

export interface XmlSigning {
  /** The whole file, or each `Bordereau` (contracts/iparapheur.md §1.5). */
  readonly place: '.' | '//Bordereau';
  /** Epoch milliseconds. */
  readonly at: number;
}

const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const XADES = 'http://uri.etsi.org/01903/v1.2.2#';

/** Signs an XML file as the PES v2 files are signed: one XAdES signature a place, enveloped, inside what it signs and at its
 * end. Returns the encoding that it was given: the platforms of the State refuse a PES that came back in another. What is signed needs an `Id`. Rejects with SyntaxError where it has none, or is signed already: another enveloped
 * signature would break the first. */
export function signXml(xml: Buffer, signer: TestSigner, signing: XmlSigning): Promise<Buffer> {
  return Promise.resolve().then(() => withSignatures(xml, signer, signing));
}

function withSignatures(xml: Buffer, signer: TestSigner, { place, at }: XmlSigning): Buffer {
  const document = readXml(xml);
  const root = rootOf(document);
  const targets = [...elementsOf(root, isSignature)].filter((element) => (place === '.' ? element === root : element.localName === 'Bordereau'));
  if (targets.length === 0) throw new SyntaxError('the XML has no Bordereau to sign');
  let text = writeXml(document);
  for (const target of targets) {
    if ([...elementsOf(target, isSignature)].some(isSignature)) throw new SyntaxError(`«${target.localName ?? ''}» is signed already`);
    const id = target.getAttribute('Id') ?? '';
    if (!/^[A-Za-z_][\w.-]*$/.test(id)) throw new SyntaxError(`«${target.localName ?? ''}» has no Id that a signature could refer to`);
    text = signElement(text, id, signer, at);
  }
  return isLatin1(xml) ? inLatin1(text) : Buffer.from(text);
}

function isLatin1(xml: Buffer): boolean {
  return /^<\?xml[^>]*\sencoding\s*=\s*["']ISO-8859-1["']/i.test(xml.toString('latin1', 0, 200));
}

/** What is signed are characters, so that their encoding is free. */
function inLatin1(text: string): Buffer {
  const declared = text.replace(/^<\?xml[^>]*>/, '<?xml version="1.0" encoding="ISO-8859-1"?>');
  return Buffer.from(declared.replace(/[^\0-\xFF]/gu, (character) => `&#${character.codePointAt(0) ?? 0};`), 'latin1');
}

function signElement(text: string, id: string, { certificatePem, privateKeyPem }: TestSigner, at: number): string {
  const [signature, properties] = [`${id}_SIG_1`, `${id}_SIG_1_SP`];
  const isRsa = new X509Certificate(certificatePem).publicKey.asymmetricKeyType === 'rsa';
  if (!isRsa) throw new SyntaxError('XML is signed with RSA keys only');
  const signing = new SignedXml({
    privateKey: privateKeyPem, publicCert: certificatePem, canonicalizationAlgorithm: EXCLUSIVE,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    objects: [{ content: qualifyingProperties(signature, properties, new X509Certificate(certificatePem), at) }],
  });
  const target = `//*[@Id='${id}']`;
  signing.addReference({ xpath: target, transforms: [`${SIGNATURE_NS}enveloped-signature`, EXCLUSIVE], digestAlgorithm: SHA256 });
  signing.addReference({ xpath: `//*[@Id='${properties}']`, transforms: [EXCLUSIVE], digestAlgorithm: SHA256, type: `${XADES}SignedProperties` });
  signing.computeSignature(text, { prefix: 'ds', attrs: { Id: signature }, location: { reference: target, action: 'append' } });
  return signing.getSignedXml();
}

function qualifyingProperties(signature: string, properties: string, certificate: X509Certificate, at: number): string {
  const digest = createHash('sha256').update(certificate.raw).digest('base64');
  const issuer = certificate.issuer.split('\n').reverse().join(',').replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const certificateParts = `<xad:CertDigest><ds:DigestMethod Algorithm="${SHA256}"/><ds:DigestValue>${digest}</ds:DigestValue></xad:CertDigest>`
    + `<xad:IssuerSerial><ds:X509IssuerName>${issuer}</ds:X509IssuerName><ds:X509SerialNumber>${BigInt(`0x${certificate.serialNumber}`)}</ds:X509SerialNumber></xad:IssuerSerial>`;
  return `<xad:QualifyingProperties xmlns:xad="${XADES}" xmlns:ds="${SIGNATURE_NS}" Target="#${signature}"><xad:SignedProperties Id="${properties}"><xad:SignedSignatureProperties>`
    + `<xad:SigningTime>${new Date(at).toISOString().replace(/\.\d+/, '')}</xad:SigningTime>`
    + `<xad:SigningCertificate><xad:Cert>${certificateParts}</xad:Cert></xad:SigningCertificate>`
    + '</xad:SignedSignatureProperties></xad:SignedProperties></xad:QualifyingProperties>';
}
