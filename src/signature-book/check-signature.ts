import type { Readable } from 'node:stream';
import type { ConnectorContext } from '../connector-api/connector.js';
import { checkDetachedSignature } from '../formats/signatures/check-detached.js';
import { checkPdfSignatures } from '../formats/signatures/check-pdf.js';
import { checkXmlSignatures } from '../formats/signatures/check-xml.js';
import type { SignatureReport, SignatureRules } from '../formats/signatures/report.js';
import { isPdf, isXml } from '../domain/file-kind.js';
import type { ReturnedDocument, ReturnedFile } from './returned-folder.js';

type Blobs = Pick<ConnectorContext['blobs'], 'read'>;

/** An XML file, or a file with nothing but signatures, that is larger is not looked into, bytes. */
const LARGEST_WHOLE = 32 * 1024 * 1024;

/** What the signatures of a document are worth. Detached ones are checked against what we sent, not against what came back: the other side
 * may show one thing and sign another. */
export async function checkSignature(document: ReturnedDocument, blobs: Blobs, rules: SignatureRules): Promise<readonly SignatureReport[]> {
  const reports = await checkEach(document, blobs, rules);
  const people = new Set(reports.flatMap(({ signers }) => signers.map(({ issuer, serial }) => `${issuer} ${serial}`))).size;
  const { signers: wanted = 1 } = document;
  if (people >= wanted) return reports;
  return reports.map((report) => (report.signers.length === 0 ? report : { ...report, verified: false, problems: [...report.problems, `${people} signed it, and ${wanted} were asked to`] }));
}

async function checkEach({ file, original, detached, place }: ReturnedDocument, blobs: Blobs, rules: SignatureRules): Promise<readonly SignatureReport[]> {
  if (detached.length > 0) return checkDetached(original ?? file, detached, blobs, rules);
  if (isPdf(file)) return [await checkPdfSignatures(content(file, blobs), original, rules)];
  if (!isXml(file)) return [unchecked('pades', `no signature can be looked for in a file of type ${file.mediaType}, and none came beside it`)];
  const signed = await whole(file, blobs);
  if (signed === null) return [unchecked('xades', tooLarge(file))];
  return [await checkXmlSignatures(signed, original === null ? null : await whole(original, blobs), rules, place)];
}

async function checkDetached(document: Pick<ReturnedFile, 'sha256' | 'size'>, signatures: readonly ReturnedFile[], blobs: Blobs, rules: SignatureRules): Promise<readonly SignatureReport[]> {
  const reports: SignatureReport[] = [];
  for (const signature of signatures) {
    const bytes = await whole(signature, blobs);
    reports.push(bytes === null ? unchecked('cms-detached', tooLarge(signature)) : await checkDetachedSignature(content(document, blobs), bytes, rules));
  }
  return reports;
}

function content({ sha256, size }: Pick<ReturnedFile, 'sha256' | 'size'>, blobs: Blobs): { readonly open: () => Readable; readonly size: number } {
  return { open: () => blobs.read(sha256), size };
}

/** Null for a file that is too large for it. */
async function whole({ sha256, size }: Pick<ReturnedFile, 'sha256' | 'size'>, blobs: Blobs): Promise<Buffer | null> {
  if (size > LARGEST_WHOLE) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of blobs.read(sha256)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function tooLarge({ filename, size }: ReturnedFile): string {
  return `«${filename}» has ${size} bytes; signatures are looked for in up to ${LARGEST_WHOLE}`;
}

function unchecked(kind: SignatureReport['kind'], problem: string): SignatureReport {
  return { verified: false, kind, signers: [], problems: [problem], remarks: [] };
}
