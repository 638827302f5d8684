import { X509Certificate } from 'node:crypto';

/** Whom a certificate names, and how long it may be shown. Times are epoch milliseconds. */
export interface CertificateTerm {
  /** Common name, or the whole name where it has none. */
  readonly name: string;
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Reads the first certificate of a PEM text, which is the one that is shown; those behind it lead to its authority. Null for what is
 * no certificate. */
export function readCertificate(pem: string): CertificateTerm | null {
  try {
    const { subject, validFrom, validTo } = new X509Certificate(pem);
    return { name: /^CN=(.+)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', '), notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) };
  } catch {
    // what it is instead is told by whoever tries to use it
    return null;
  }
}
