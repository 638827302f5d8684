import { createHash } from 'node:crypto';
import { certificateOf, signerProblem, type Digests } from './check-cms.js';
import { CMS_OID, NotCms, readTimeStampToken, type TimeStampToken } from './cms.js';
import { digestOf, type DigestName } from './digest-algorithms.js';
import type { Findings } from './findings.js';
import type { PdfSignature } from './pdf-signature.js';
import { digestSpans, type ReadableDocument } from './readable-document.js';
import type { SignatureRules } from './report.js';
import { certificatesOfPem, oneLine, standsBelow } from './signer-certificate.js';

const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const CLOCKS_DIFFER_MS = 15 * 60_000;

/** Verifies the time stamps of a document (ISO 32000-2 §12.8.5, RFC 3161), each over the bytes that it covers, in one reading. The time of
 * one that holds is a remark, as is an authority that is not known: it says when, not who. One that does not hold is a problem. */
export async function checkDocumentTimeStamps(document: ReadableDocument, stamps: readonly PdfSignature[], rules: SignatureRules, findings: Findings): Promise<void> {
  const readable = stamps.flatMap((stamp) => {
    const token = tokenOf(stamp);
    if (typeof token !== 'string') return [{ stamp, ...token }];
    findings.problems.push(`a time stamp of the document does not hold: ${token}`);
    return [];
  });
  if (readable.length === 0) return;
  const digests = await digestSpans(document, readable.map(({ stamp, digest }) => ({ spans: stamp.covers, names: [digest] })));
  readable.forEach(({ token, digest }, index) => { judge(token, digests[index]?.get(digest), rules, findings); });
}

function tokenOf({ contents, subFilter }: PdfSignature): { token: TimeStampToken; digest: DigestName } | string {
  if (subFilter !== 'ETSI.RFC3161') return `it is of a kind that is not taken: «${subFilter}»`;
  try {
    const token = readTimeStampToken(contents);
    if (contents.subarray(token.length).some((byte) => byte !== 0)) return 'its contents hold more than the time stamp';
    const digest = digestOf(token.info.messageImprint.hashAlgorithm.algorithmId);
    return 'name' in digest ? { token, digest: digest.name } : digest.refused;
  } catch (error) {
    if (!(error instanceof NotCms)) throw error;
    return error.message;
  }
}

function judge(token: TimeStampToken, covered: Buffer | undefined, rules: SignatureRules, { problems, remarks }: Findings): void {
  const at = token.info.genTime.getTime();
  const problem = problemOf(token, covered, at, rules);
  if (problem !== null) { problems.push(`a time stamp of the document does not hold: ${problem}`); return; }
  const [signer] = token.signers;
  const certificate = signer === undefined ? undefined : certificateOf(signer, token.certificates);
  if (certificate === undefined) return;
  const isKnown = standsBelow(certificate, token.certificates, rules.trusted.flatMap(certificatesOfPem), at);
  remarks.push(`the document has a time stamp of ${new Date(at).toISOString()}, by ${oneLine(certificate.subject)}${isKnown ? '' : ', whose authority is not one of those configured'}`);
}

function problemOf(token: TimeStampToken, covered: Buffer | undefined, at: number, { now }: SignatureRules): string | null {
  if (!(at <= now + CLOCKS_DIFFER_MS)) return 'it was made in the future';
  try {
    if (covered?.equals(Buffer.from(token.info.messageImprint.hashedMessage.getValue())) !== true) return 'the document is not the one that was stamped (digest)';
    return signatureProblem(token, at);
  } catch (error) {
    // what the libraries throw at malformed parts is not for the operator; that they do is
    return `its signature cannot be read (${error instanceof Error ? error.message.slice(0, 100) : 'malformed'})`;
  }
}

function signatureProblem({ signers, certificates, content }: TimeStampToken, at: number): string | null {
  const [signer] = signers;
  if (signer === undefined || signers.length > 1) return 'it has no signer, or several';
  const certificate = certificateOf(signer, certificates);
  if (certificate === undefined) return 'the certificate of its signer is not in it';
  const purposes = certificate.keyUsage as readonly string[] | undefined;
  if (purposes?.includes(TIME_STAMPING) !== true) return `the certificate of ${oneLine(certificate.subject)} is not for time stamps`;
  if (at < Date.parse(certificate.validFrom) || at > Date.parse(certificate.validTo)) return `the certificate of ${oneLine(certificate.subject)} was not valid then`;
  const digest = digestOf(signer.digestAlgorithm.algorithmId);
  if ('refused' in digest) return digest.refused;
  const digests: Digests = new Map([[digest.name, createHash(digest.name).update(content).digest()]]);
  return signerProblem(signer, certificate, digests, CMS_OID.timeStampInfo);
}
