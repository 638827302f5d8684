import type { Document, Element } from '@xmldom/xmldom';
import { canonicalForm, EXCLUSIVE_CANONICALIZATION } from './canonical-xml.js';
import { noFindings, reportOf, type Findings } from './findings.js';
import type { SignatureReport, SignatureRules } from './report.js';
import { elementsOf, isSignature, NotXml, readXml, rootOf, signaturesOf } from './xml-document.js';
import { identifiersOf } from './xml-reference.js';
import { checkXmlSignature } from './xml-signature.js';

/** Where a signature book is asked to sign an XML file (contracts/iparapheur.md §1.5): the whole of it, or each `Bordereau`. */
export type XmlPlace = '.' | '//Bordereau';

/** What checkXmlSignatures is asked, as the process that looks into a large file is told. */
export interface XmlExamination {
  readonly signed: Uint8Array;
  readonly original: Uint8Array | null;
  readonly rules: SignatureRules;
  readonly place: XmlPlace | null;
}

const MOST_SIGNATURES = 2000;

/** The check of check-xml.ts, at once and in this process. */
export function examineXml(signed: Uint8Array, original: Uint8Array | null, rules: SignatureRules, place: XmlPlace | null): SignatureReport {
  const findings = noFindings();
  try {
    const document = readXml(Buffer.from(signed));
    checkSignatures(document, rules, place, findings);
    if (original !== null) compareWithSent(document, original, findings);
  } catch (error) {
    findings.problems.push(problemOf(error));
  }
  return reportOf('xades', findings);
}

/** Why a document cannot be looked into. The canonical form is made by recursion and knows no comment outside the root,
 * for instance: what it throws at is a document that is not verified, never a failure of the gateway. */
export function problemOf(error: unknown): string {
  if (error instanceof NotXml) return error.message;
  return `the XML cannot be looked into: ${error instanceof Error ? error.message.slice(0, 200) : 'unknown'}`;
}

function checkSignatures(document: Document, rules: SignatureRules, place: XmlPlace | null, findings: Findings): void {
  const root = rootOf(document);
  const signatures = signaturesOf(document);
  if (signatures.length === 0) findings.problems.push('the document has no signature');
  if (signatures.length > MOST_SIGNATURES) findings.problems.push(`the document has ${signatures.length} signatures, more than are looked at`);
  const byId = identifiersOf(root);
  const covered = new Set<Element>();
  for (const signature of signatures.slice(0, MOST_SIGNATURES)) {
    for (const what of checkXmlSignature({ root, byId, beside: null }, signature, rules, findings)) if ('element' in what) covered.add(what.element);
  }
  const bordereaux = [...elementsOf(root, isSignature)].filter(({ localName }) => localName === 'Bordereau');
  findings.problems.push(...coverageProblems(root, bordereaux, covered, place));
}

function coverageProblems(root: Element, bordereaux: readonly Element[], covered: ReadonlySet<Element>, place: XmlPlace | null): string[] {
  if (covered.has(root)) return [];
  const bare = bordereaux.filter((one) => !covered.has(one)).length;
  if (place !== '.' && bordereaux.length > 0 && bare === 0) return [];
  if (place === '//Bordereau' || (place === null && bare < bordereaux.length)) {
    return [bordereaux.length === 0 ? 'the document has no Bordereau that could be signed' : `${bare} of ${bordereaux.length} Bordereau are not covered by a signature`];
  }
  return ['no signature covers the whole document'];
}

/** A signed file is what was sent and signatures. White space between elements means nothing in the files of the trade, and
 * signers add some around what they insert. */
function compareWithSent(document: Document, original: Uint8Array, { remarks }: Findings): void {
  try {
    const sent = readXml(Buffer.from(original));
    if (bareForm(document) !== bareForm(sent)) remarks.push('the document differs from the one that was sent, in more than its signatures');
  } catch (error) {
    remarks.push(`the document cannot be compared with the one that was sent: ${problemOf(error)}`);
  }
}

function bareForm(document: Document): string {
  const root = rootOf(document);
  signaturesOf(document).forEach((signature) => signature.parentNode?.removeChild(signature));
  // in a canonical form, `>` and `<` with only white space between them are the ends of two tags, never part of a text
  return isSignature(root) ? '' : canonicalForm(root, EXCLUSIVE_CANONICALIZATION).replace(/>[ \t\n]+</g, '><');
}
