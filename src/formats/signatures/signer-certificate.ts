import { X509Certificate } from 'node:crypto';
import type { Findings } from './findings.js';
import type { SignatureRules, Signer } from './report.js';

/** Hostile files bring many certificates; real chains have two to four. */
const LONGEST_CHAIN = 8;
const CLOCKS_DIFFER_MS = 15 * 60_000;

/** Puts the signer on record and judges the certificate at the time of signing: its validity and, where authorities are
 * configured, the chain to one of them. Revocation is not looked up: nothing here talks to a network. */
export function judgeSigner(certificate: X509Certificate, others: readonly X509Certificate[], signedAt: number | null, rules: SignatureRules, findings: Findings): void {
  const signer = signerOf(certificate, signedAt);
  const who = signer.subject;
  const at = signedAt ?? rules.now;
  findings.signers.push(signer);
  if (signedAt !== null && signedAt > rules.now + CLOCKS_DIFFER_MS) findings.problems.push(`${who} signed in the future: ${instant(signedAt)}, and it is ${instant(rules.now)}`);
  if (signedAt === null) findings.remarks.push(`${who} does not say when the signature was made; the certificate is judged as of now`);
  if (at < signer.notBefore) findings.problems.push(`the certificate of ${who} was not yet valid: it starts ${instant(signer.notBefore)}, the signature is of ${instant(at)}`);
  else if (at > signer.notAfter) findings.problems.push(`the certificate of ${who} had expired ${instant(signer.notAfter)}; the signature is of ${instant(at)}`);
  else if (rules.now > signer.notAfter) findings.remarks.push(`the certificate of ${who} has expired since, ${instant(signer.notAfter)}`);
  judgeAuthority(certificate, others, at, rules, findings, who);
}

function judgeAuthority(certificate: X509Certificate, others: readonly X509Certificate[], at: number, rules: SignatureRules, findings: Findings, who: string): void {
  if (rules.trusted.length === 0) {
    findings.remarks.push(`the authority that issued the certificate of ${who} is not checked: none is configured`);
    return;
  }
  const anchors = rules.trusted.flatMap(certificatesOfPem);
  if (!standsBelow(certificate, others, anchors, at)) findings.problems.push(`the certificate of ${who} was issued by an authority that is not one of those configured: ${oneLine(certificate.issuer)}`);
}

/** Whether a chain of certificates, each valid at that time, leads from `certificate` to one of `anchors`. */
export function standsBelow(certificate: X509Certificate, others: readonly X509Certificate[], anchors: readonly X509Certificate[], at: number): boolean {
  const seen = new Set<string>();
  let above = [certificate];
  for (let length = 0; length < LONGEST_CHAIN && above.length > 0; length += 1) {
    if (above.some((one) => anchors.some((anchor) => one.fingerprint256 === anchor.fingerprint256 || (validAt(anchor, at) && issued(anchor, one))))) return true;
    above.forEach((one) => seen.add(one.fingerprint256));
    const below = above;
    above = others.filter((other) => !seen.has(other.fingerprint256) && validAt(other, at) && below.some((one) => issued(other, one)));
  }
  return false;
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return issuer.ca && subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    // a key of a kind that node:crypto does not know has issued nothing that we can verify
    return false;
  }
}

function validAt(certificate: X509Certificate, at: number): boolean {
  return at >= Date.parse(certificate.validFrom) && at <= Date.parse(certificate.validTo);
}

/** Every certificate in a PEM text. Throws where one of them is none. */
export function certificatesOfPem(pem: string): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? []).map((one) => new X509Certificate(one));
}

function signerOf(certificate: X509Certificate, signedAt: number | null): Signer {
  return {
    subject: oneLine(certificate.subject), issuer: oneLine(certificate.issuer), serial: certificate.serialNumber,
    notBefore: Date.parse(certificate.validFrom), notAfter: Date.parse(certificate.validTo), signedAt,
  };
}

/** node:crypto writes one part a line, escaped as RFC 4514 asks and widest first; RFC 4514 starts with the narrowest. */
export function oneLine(name: string): string {
  return name.split('\n').reverse().join(',');
}

function instant(at: number): string {
  return new Date(at).toISOString();
}
