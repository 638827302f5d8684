import { createHash, X509Certificate, type KeyObject } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import { canonicalForm, canonicalizationOf } from './canonical-xml.js';
import { digestOf, pointerDigest, type DigestName } from './digest-algorithms.js';
import type { Findings } from './findings.js';
import type { SignatureRules } from './report.js';
import { holds, type Scheme } from './signature-value.js';
import { judgeSigner, oneLine } from './signer-certificate.js';
import { childElement, childElements, elementsOf, isSignature } from './xml-document.js';
import { checkReference, type Covered, type ReferenceTargets } from './xml-reference.js';

const XADES = /^http:\/\/uri\.etsi\.org\/01903\//;
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#';
const PSS = 'http://www.w3.org/2007/05/xmldsig-more#';
const MOST_REFERENCES = 100;
const MOST_CERTIFICATES = 20;

/** The digests that the references of a signature are made with. */
export function digestsOfReferences(signature: Element): DigestName[] {
  const methods = childElements(signature, 'SignedInfo').flatMap((info) => childElements(info, 'Reference')).flatMap((reference) => childElements(reference, 'DigestMethod'));
  return methods.map((method) => digestOf(method.getAttribute('Algorithm') ?? '')).flatMap((digest) => 'name' in digest ? [digest.name] : []);
}

/** Judges one signature (XMLDSig, XAdES): its value over its SignedInfo, each reference, its certificate. Returns what it covers:
 * nothing where it does not hold. */
export function checkXmlSignature(targets: Omit<ReferenceTargets, 'signature'>, signature: Element, rules: SignatureRules, findings: Findings): Covered[] {
  const info = childElement(signature, 'SignedInfo');
  const references = info === null ? [] : childElements(info, 'Reference');
  if (info === null || references.length === 0 || references.length > MOST_REFERENCES) { findings.problems.push('a signature does not say what it signs'); return []; }
  const certificates = certificatesIn(signature);
  const certificate = signerAmong(certificates, info, signature);
  if (typeof certificate === 'string') { findings.problems.push(`a signature does not hold: ${certificate}`); return []; }
  const properties = signedProperties(signature);
  const outcomes = references.map((reference) => checkReference(reference, { ...targets, signature }));
  const covered = outcomes.filter((outcome) => typeof outcome !== 'string');
  const propertiesSigned = covered.some((outcome) => 'element' in outcome && outcome.element === properties);
  judgeSigner(certificate, certificates, propertiesSigned ? signingTime(properties) : null, rules, findings);
  const problems = [...outcomes.filter((outcome) => typeof outcome === 'string'), ...propertiesProblems(properties, propertiesSigned, certificate)];
  findings.problems.push(...problems.map((problem) => `the signature of ${oneLine(certificate.subject)} does not hold: ${problem}`));
  return problems.length === 0 ? covered : [];
}

function certificatesIn(signature: Element): X509Certificate[] {
  const texts = childElements(signature, 'KeyInfo').flatMap((info) => childElements(info, 'X509Data')).flatMap((data) => childElements(data, 'X509Certificate')).map(({ textContent }) => textContent ?? '');
  return texts.slice(0, MOST_CERTIFICATES).flatMap((text) => {
    try {
      return [new X509Certificate(Buffer.from(text, 'base64'))];
    } catch {
      // what is no certificate cannot be the signer's; that none is left is told
      return [];
    }
  });
}

/** The certificate whose key made the signature value, or why none did. */
function signerAmong(certificates: readonly X509Certificate[], info: Element, signature: Element): X509Certificate | string {
  const canonicalization = childElement(info, 'CanonicalizationMethod');
  const canonical = canonicalization === null ? null : canonicalizationOf(canonicalization);
  if (canonical === null) return 'its canonicalization is not one that we know';
  const scheme = schemeOf(childElement(info, 'SignatureMethod')?.getAttribute('Algorithm') ?? '');
  if ('refused' in scheme) return scheme.refused;
  if (certificates.length === 0) return 'it has no certificate';
  const value = Buffer.from(childElement(signature, 'SignatureValue')?.textContent ?? '', 'base64');
  const content = Buffer.from(canonicalForm(info, canonical));
  return certificates.find((one) => keyHolds(one, (key) => holds(scheme, content, key, value))) ?? 'its value was not made with the key of a certificate in it';
}

function keyHolds(certificate: X509Certificate, check: (key: KeyObject) => boolean): boolean {
  try {
    return check(certificate.publicKey);
  } catch {
    // a key or a value that node:crypto cannot read made no signature that holds
    return false;
  }
}

/** RFC 9231; SHA-1 is too weak. */
function schemeOf(algorithm: string): Scheme {
  const rsa = /^rsa-(sha256|sha384|sha512)$/.exec(algorithm.replace(MORE, ''))?.[1];
  const ec = /^ecdsa-(sha256|sha384|sha512)$/.exec(algorithm.replace(MORE, ''))?.[1];
  const pss = /^(sha256|sha384|sha512)-rsa-MGF1$/.exec(algorithm.replace(PSS, ''))?.[1];
  if (rsa !== undefined) return { key: 'rsa', digest: rsa as DigestName };
  if (ec !== undefined) return { key: 'ec', digest: ec as DigestName, joined: true };
  if (pss !== undefined) return { key: 'rsa-pss', digest: pss as DigestName };
  return { refused: algorithm.endsWith('sha1') ? 'SHA-1 is too weak to prove anything' : `the signature algorithm ${algorithm.slice(0, 100)} is not one that we know` };
}

/** The SignedProperties of XAdES, of any of its versions; null for a plain XML signature. */
function signedProperties(signature: Element): Element | null {
  const found = [...elementsOf(signature, (element) => element !== signature && isSignature(element))].filter(({ localName, namespaceURI }) => localName === 'SignedProperties' && XADES.test(namespaceURI ?? ''));
  return found[0] ?? null;
}

function propertiesProblems(properties: Element | null, signed: boolean, certificate: X509Certificate): string[] {
  if (properties === null) return [];
  if (!signed) return ['its properties (XAdES) are not part of what was signed'];
  return namesCertificate(properties, certificate) ? [] : ['it was made for another certificate'];
}

/** SigningCertificate, or SigningCertificateV2, names the signer's certificate first. SHA-1 will do here: it points at a certificate
 * that the signature value has already tied to the signature. */
function namesCertificate(properties: Element, certificate: X509Certificate): boolean {
  const named = propertyOf(properties, 'SigningCertificate') ?? propertyOf(properties, 'SigningCertificateV2');
  if (named === null) return true;
  const digest = childElement(childElements(named, 'Cert')[0] ?? null, 'CertDigest');
  const [method, value] = digest === null ? [] : childElements(digest);
  const algorithm = pointerDigest(method?.getAttribute('Algorithm') ?? '');
  return algorithm !== null && createHash(algorithm).update(certificate.raw).digest().equals(Buffer.from(value?.textContent ?? '', 'base64'));
}

function signingTime(properties: Element | null): number | null {
  const time = Date.parse((properties === null ? null : propertyOf(properties, 'SigningTime'))?.textContent?.trim() ?? '');
  return Number.isNaN(time) ? null : time;
}

function propertyOf(properties: Element, name: string): Element | null {
  return childElement(childElement(properties, 'SignedSignatureProperties'), name);
}
