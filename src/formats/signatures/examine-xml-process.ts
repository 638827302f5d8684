// Entry point of the process that looks into a large XML file (check-xml.ts starts it). It answers once and ends; it ends as well
// when the gateway does.
import { examineXml, type XmlExamination } from './examine-xml.js';

process.once('message', ({ signed, original, rules, place }: XmlExamination) => {
  process.send?.(examineXml(signed, original, rules, place), () => process.disconnect());
});
