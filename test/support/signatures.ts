import { execFileSync } from 'node:child_process';
import { createHash, createSign } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { makeTestSigner, type TestSigner } from '../../src/signature-desk/test-certificate.js';

/** A document in memory as the checks read it, in pieces of a size that splits keywords. */
export function inPieces(bytes: Buffer, piece = 61): { open: () => Readable; size: number } {
  return {
    size: bytes.length,
    open: () => Readable.from((function* () { for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece); })()),
  };
}

export function sentAs(bytes: Buffer): { sha256: string; size: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length };
}

/** One signer for the whole run: an RSA key takes a while. */
let jeanne: Promise<TestSigner> | undefined;
export function jeanneDupont(): Promise<TestSigner> {
  return jeanne ??= makeTestSigner({ name: 'Jeanne Dupont', organisation: 'Ville de Bourg' });
}

export function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs openssl in a folder with these files, which is removed afterwards. */
export function openssl(files: Record<string, string | Buffer>, ...commands: string[][]): (name: string) => Buffer {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-openssl-'));
  try {
    for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
    for (const command of commands) execFileSync('openssl', command, { cwd: folder, stdio: 'pipe' });
    const made = new Map(fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name))]));
    return (name) => made.get(name)!;
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** A Signature element over these references, each already in canonical form, with a plain value by node:crypto. */
export function handMadeSignature(references: string, { certificatePem, privateKeyPem }: TestSigner, { object = '', method = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', hash = 'sha256' } = {}): string {
  const info = `<SignedInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></CanonicalizationMethod><SignatureMethod Algorithm="${method}"></SignatureMethod>${references}</SignedInfo>`;
  const value = createSign(hash).update(info).sign({ key: privateKeyPem, dsaEncoding: 'ieee-p1363' }, 'base64');
  const certificate = certificatePem.replace(/-----[A-Z ]+-----|\s/g, '');
  return `<Signature xmlns="http://www.w3.org/2000/09/xmldsig#">${info}<SignatureValue>${value}</SignatureValue><KeyInfo><X509Data><X509Certificate>${certificate}</X509Certificate></X509Data></KeyInfo>${object}</Signature>`;
}

/** A Reference in canonical form. */
export function handMadeReference(uri: string, transforms: string, digest: Buffer, algorithm = 'http://www.w3.org/2001/04/xmlenc#sha256'): string {
  return `<Reference URI="${uri}">${transforms === '' ? '' : `<Transforms>${transforms}</Transforms>`}<DigestMethod Algorithm="${algorithm}"></DigestMethod><DigestValue>${digest.toString('base64')}</DigestValue></Reference>`;
}
