import { checkCms, digestsWanted } from './check-cms.js';
import { NotCms, readCms, type Cms } from './cms.js';
import { noFindings, reportOf, type Findings } from './findings.js';
import { digestSpans, type ReadableDocument } from './readable-document.js';
import type { SignatureReport, SignatureRules } from './report.js';
import { isArchive, unpackSignatures } from './signature-archive.js';
import { checkXmlBeside, xmlDigestsWanted } from './xml-beside.js';

/** A zip of several signatures (contracts/iparapheur.md §1.6) is small, and so are its members. */
const LARGEST = 8 * 1024 * 1024;
/** Larger ones would keep this process from everything else for too long. */
const LARGEST_XML = 512 * 1024;

/** Verifies a signature that came beside a document: CMS (PKCS#7) in DER or PEM, XAdES detached, or a zip with several of
 * them; what it is is told from its bytes. Every signature has to hold over the document, which is read once, in constant memory, for each of
 * them. Whatever the signature is, the answer is a report; only a failure of `open` is thrown. */
export async function checkDetachedSignature(document: ReadableDocument, signature: Buffer, rules: SignatureRules): Promise<SignatureReport> {
  const findings = noFindings();
  let kind: SignatureReport['kind'] = 'cms-detached';
  for (const one of await partsOf(signature, findings)) {
    if (looksLikeXml(one)) {
      kind = 'xades';
      await checkXml(document, one, rules, findings);
    } else {
      await checkOne(document, one, rules, findings);
    }
  }
  return reportOf(kind, findings);
}

async function partsOf(signature: Buffer, { problems }: Findings): Promise<readonly Buffer[]> {
  if (signature.length > LARGEST) {
    problems.push(`the signature is ${signature.length} bytes long; ${LARGEST} is the most that is read`);
    return [];
  }
  if (!isArchive(signature)) return [signature];
  const unpacked = await unpackSignatures(signature);
  if (typeof unpacked !== 'string') return unpacked;
  problems.push(unpacked);
  return [];
}

async function checkOne(document: ReadableDocument, bytes: Buffer, rules: SignatureRules, findings: Findings): Promise<void> {
  const cms = cmsOf(bytes, findings);
  if (cms === null) return;
  const [digests = new Map()] = await digestSpans(document, [{ spans: [{ start: 0, end: Infinity }], names: digestsWanted(cms) }]);
  checkCms(cms, digests, rules, findings);
}

async function checkXml(document: ReadableDocument, bytes: Buffer, rules: SignatureRules, findings: Findings): Promise<void> {
  if (bytes.length > LARGEST_XML) {
    findings.problems.push(`the XML signature is ${bytes.length} bytes long; ${LARGEST_XML} is the most that is read`);
    return;
  }
  const [digests = new Map()] = await digestSpans(document, [{ spans: [{ start: 0, end: Infinity }], names: xmlDigestsWanted(bytes) }]);
  checkXmlBeside(bytes, digests, rules, findings);
}

function cmsOf(bytes: Buffer, { problems }: Findings): Cms | null {
  try {
    return readCms(binaryOf(bytes));
  } catch (error) {
    if (!(error instanceof NotCms)) throw error;
    problems.push(error.message);
    return null;
  }
}

/** DER as it is; PEM and bare base64 decoded. */
function binaryOf(bytes: Buffer): Buffer {
  if (bytes[0] === 0x30) return bytes;
  const text = bytes.toString('latin1');
  const inside = /-----BEGIN (?:PKCS7|CMS)-----([A-Za-z0-9+/=\s]*)-----END (?:PKCS7|CMS)-----/.exec(text)?.[1];
  if (inside !== undefined) return Buffer.from(inside, 'base64');
  return /^[A-Za-z0-9+/=\s]+$/.test(text) ? Buffer.from(text, 'base64') : bytes;
}

function looksLikeXml(bytes: Buffer): boolean {
  return bytes.subarray(0, 100).toString('latin1').replace(/^(?:ï»¿|ÿþ|þÿ)/, '').replaceAll('\0', '').trimStart().startsWith('<');
}
