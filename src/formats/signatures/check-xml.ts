import type { SignatureReport, SignatureRules } from './report.js';
import { examineXml, type XmlPlace } from './examine-xml.js';

/** Verifies the signatures inside an XML file (XMLDSig, XAdES enveloped): every one has to hold, and together they have to cover
 * what `place` says; null: the whole document or each Bordereau. `original`: what was sent to be signed; null: not compared, and a
 * difference is a remark. Files of 32 MiB at most. Whatever the file is, the answer is a report. */
export function checkXmlSignatures(signed: Buffer, original: Buffer | null, rules: SignatureRules, place: XmlPlace | null): Promise<SignatureReport> {
  return Promise.resolve(examineXml(signed, original, rules, place));
}
