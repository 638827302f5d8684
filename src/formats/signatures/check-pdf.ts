import { createHash } from 'node:crypto';
import { lookAfterLastSignature } from './after-last-signature.js';
import { checkCms, digestsWanted } from './check-cms.js';
import { checkDocumentTimeStamps } from './check-document-time-stamp.js';
import { NotCms, readCms, type Cms } from './cms.js';
import { noFindings, reportOf, type Findings } from './findings.js';
import { findPdfSignatures } from './find-pdf-signatures.js';
import { readPdfSignature, type PdfSignature } from './pdf-signature.js';
import { chunksOf, digestSpans, type ReadableDocument } from './readable-document.js';
import type { SignatureReport, SignatureRules } from './report.js';

const DETACHED = ['adbe.pkcs7.detached', 'ETSI.CAdES.detached'];

/** Verifies the signatures of a PDF (ISO 32000-1 §12.8, PAdES): each over the bytes that it covers, with nothing left out but its own
 * `/Contents`, the last over the whole file but for data for long-term validation and time stamps, which have to hold as well. The document
 * is read several times, in constant memory. `original`: what
 * was sent to be signed, which a signed PDF starts with; null: not compared, and that it does not is a remark.
 * Whatever the file is, the answer is a report; only a failure of `open` is thrown. */
export async function checkPdfSignatures(document: ReadableDocument, original: { readonly sha256: string; readonly size: number } | null, rules: SignatureRules): Promise<SignatureReport> {
  const findings = noFindings();
  const { objects, tooMany, startsAsPdf } = await findPdfSignatures(document);
  if (!startsAsPdf) findings.problems.push('the document is not a PDF');
  if (tooMany) findings.problems.push(`the document has more signatures than are looked at (${objects.length})`);
  const signatures: PdfSignature[] = [];
  const stamps: PdfSignature[] = [];
  for (const read of objects.map(readPdfSignature)) {
    if (typeof read === 'string') findings.problems.push(read);
    else (read.isTimeStamp ? stamps : signatures).push(read);
  }
  const sizeRead = await compareWithSent(document, original, findings);
  await checkCoverage(document, signatures, stamps, sizeRead, findings);
  await checkValues(document, signatures, rules, findings);
  await checkDocumentTimeStamps(document, stamps, rules, findings);
  return reportOf('pades', findings);
}

/** Resolves with the size that was read, which is the one that signatures have to cover. */
async function compareWithSent(document: ReadableDocument, original: { readonly sha256: string; readonly size: number } | null, { problems, remarks }: Findings): Promise<number> {
  const start = createHash('sha256');
  let size = 0;
  for await (const { at, bytes } of chunksOf(document)) {
    start.update(bytes.subarray(0, Math.max(0, (original?.size ?? 0) - at)));
    size += bytes.length;
  }
  if (size !== document.size) problems.push(`the document is ${size} bytes long, and ${document.size} were announced`);
  if (original !== null && (size < original.size || start.digest('hex') !== original.sha256)) {
    remarks.push('the document differs from the one that was sent: it does not start with its bytes, as a PDF does that was only signed');
  }
  return size;
}

async function checkCoverage(document: ReadableDocument, signatures: readonly PdfSignature[], stamps: readonly PdfSignature[], size: number, findings: Findings): Promise<void> {
  const { problems } = findings;
  if (signatures.length === 0) { problems.push('the document has no signature'); return; }
  let covered = 0;
  for (const signature of [...signatures].sort((one, other) => one.covers[1].end - other.covers[1].end)) {
    problems.push(...shapeProblems(signature, 'a signature', size));
    if (signature.hole.start < covered) problems.push('a signature stands inside what an earlier one covers');
    covered = signature.covers[1].end;
  }
  for (const stamp of stamps) problems.push(...shapeProblems(stamp, 'a time stamp', size));
  if (covered < size) await checkRest(document, covered, stamps, size, findings);
}

function shapeProblems({ covers: [first, second], hole }: PdfSignature, what: string, size: number): string[] {
  return [
    ...(first.start === 0 ? [] : [`${what} does not cover the start of the document`]),
    ...(first.end === hole.start && second.start === hole.end ? [] : [`${what} leaves out more, or other bytes, than its own contents`]),
    ...(second.end > size || second.end < second.start ? [`${what} says that it covers more than there is`] : []),
  ];
}

/** What stands behind the last signature: data for long-term validation and time stamps are no problem, anything else is. */
async function checkRest(document: ReadableDocument, covered: number, stamps: readonly PdfSignature[], size: number, { problems, remarks }: Findings): Promise<void> {
  const added = await lookAfterLastSignature(document, covered, size);
  if ('doubt' in added) {
    problems.push(`${size - covered} bytes were added after the last signature, which does not cover them: ${added.doubt}`);
    return;
  }
  remarks.push('data for long-term validation was added after the last signature, and nothing else');
  const later = stamps.filter(({ hole }) => hole.start >= covered);
  if (later.some(({ covers: [, { end }] }) => !added.ends.includes(end))) problems.push('a time stamp does not cover the document as it was then');
}

async function checkValues(document: ReadableDocument, signatures: readonly PdfSignature[], rules: SignatureRules, findings: Findings): Promise<void> {
  const readable = signatures.flatMap((signature) => {
    const cms = contentsOf(signature, findings);
    return cms === null ? [] : [{ signature, cms }];
  });
  if (readable.length === 0) return;
  const digests = await digestSpans(document, readable.map(({ signature, cms }) => ({ spans: signature.covers, names: digestsWanted(cms) })));
  readable.forEach(({ signature, cms }, index) => { checkCms(cms, digests[index] ?? new Map(), rules, findings, signature.claimedAt); });
}

function contentsOf({ contents, subFilter }: PdfSignature, { problems }: Findings): Cms | null {
  if (!DETACHED.includes(subFilter)) {
    problems.push(`a signature is of a kind that is not taken: «${subFilter}»; ${DETACHED.join(' and ')} are`);
    return null;
  }
  try {
    const cms = readCms(contents);
    if (contents.subarray(cms.length).some((byte) => byte !== 0)) problems.push('the contents of a signature hold more than the signature');
    return cms;
  } catch (error) {
    if (!(error instanceof NotCms)) throw error;
    problems.push(error.message);
    return null;
  }
}
