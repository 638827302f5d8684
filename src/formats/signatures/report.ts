/** Who signed, as the certificate says. Times are epoch milliseconds. */
export interface Signer {
  /** Distinguished name, RFC 4514: `CN=Jeanne Dupont,O=Ville,C=BE`. */
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** As the signature claims it; null where it says nothing. */
  readonly signedAt: number | null;
}

/** What the signatures of a document are worth. */
export interface SignatureReport {
  /** Every signature holds, there is at least one, and together they cover the document. */
  readonly verified: boolean;
  readonly kind: 'pades' | 'cms-detached' | 'xades';
  readonly signers: readonly Signer[];
  /** Why it is not verified, for the operator; empty where it is. */
  readonly problems: readonly string[];
  /** What is worth knowing and does not stop it: a certificate that has expired since, the document that differs from the
   * one that was sent, an authority that is not known. */
  readonly remarks: readonly string[];
}

export interface SignatureRules {
  /** Epoch milliseconds. */
  readonly now: number;
  /** Certificates (PEM) of the authorities below which signers must stand; none: any, with a remark. */
  readonly trusted: readonly string[];
}
