import type { Digests } from './check-cms.js';
import type { DigestName } from './digest-algorithms.js';
import { problemOf } from './examine-xml.js';
import type { Findings } from './findings.js';
import type { SignatureRules } from './report.js';
import { readXml, rootOf, signaturesOf } from './xml-document.js';
import { identifiersOf } from './xml-reference.js';
import { checkXmlSignature, digestsOfReferences } from './xml-signature.js';

/** The digests of the document that the XML signatures beside it need; none where they cannot be read, which checkXmlBeside tells. */
export function xmlDigestsWanted(bytes: Buffer): DigestName[] {
  try {
    return [...new Set(signaturesOf(readXml(bytes)).flatMap(digestsOfReferences))];
  } catch {
    return [];
  }
}

/** Judges the XML signatures (XAdES detached) beside a document with these digests: each of them has to cover it. */
export function checkXmlBeside(bytes: Buffer, digests: Digests, rules: SignatureRules, findings: Findings): void {
  try {
    const document = readXml(bytes);
    const root = rootOf(document);
    const signatures = signaturesOf(document);
    if (signatures.length === 0) findings.problems.push('the XML beside the document holds no signature');
    const byId = identifiersOf(root);
    for (const signature of signatures) {
      const problemsBefore = findings.problems.length;
      const covered = checkXmlSignature({ root, byId, beside: digests }, signature, rules, findings);
      if (findings.problems.length === problemsBefore && !covered.some((what) => 'file' in what)) findings.problems.push('a signature beside the document does not refer to it');
    }
  } catch (error) {
    findings.problems.push(problemOf(error));
  }
}
