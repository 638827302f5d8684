import { annexContent } from '../connector-api/annex-content.js';
import type { ConnectorContext, Submission } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import { fileNamed, nameFiles } from '../connector-api/named-files.js';
import { isXml } from '../domain/file-kind.js';
import type { Annex } from '../domain/item.js';
import type { PesReport } from '../formats/pes/pes-report.js';
import { describeFinding, refusalsOf } from '../formats/pes/pes-refusals.js';
import { readPes } from '../formats/pes/read-pes.js';
import type { TeleTransmissionSettings } from './settings.js';

/** Refusals that one message names. */
const MOST_REFUSALS = 20;

type Settings = Pick<TeleTransmissionSettings, 'signatureRequired' | 'language'>;

/** The PES flow of an item, read to its end and held against what platforms and treasury refuse, so that nothing is sent that would come back
 * (contracts/pes-actes-formats.md §A6). Throws Refused with every refusal; what is only doubtful is logged. */
export async function chooseAndReadPes({ item, fields }: Submission, settings: Settings, context: Pick<ConnectorContext, 'blobs' | 'signal' | 'logger'>): Promise<{ readonly annex: Annex; readonly report: PesReport }> {
  const annex = fileNamed('file', item.annexes, fields) ?? onlyFlow(item.annexes);
  const { signatureRequired, language } = settings;
  const report = await readPes(annexContent(annex, context), { dematerialised: signatureRequired });
  const refusals = refusalsOf(report).map((finding) => describeFinding(finding, language));
  if (refusals.length > 0) throw new Refused(refusal(annex, refusals, language));
  const warnings = report.findings.filter(({ severity }) => severity === 'warning');
  if (warnings.length > 0) {
    const told = warnings.slice(0, MOST_REFUSALS).map((finding) => describeFinding(finding, language));
    context.logger.warn(`The PES file «${annex.filename}» may be refused over there`, { count: warnings.length, warnings: told });
  }
  return { annex, report };
}

function refusal({ filename }: Annex, refusals: readonly string[], language: Settings['language']): string {
  const more = refusals.length - MOST_REFUSALS;
  return [
    language === 'fr'
      ? `Le fichier PES «${filename}» n'a pas été envoyé, car il serait refusé. Faites-le corriger et produire à nouveau par le logiciel financier :`
      : `The PES file «${filename}» was not sent, because it would be refused. Have the finance software correct it and make it anew:`,
    ...refusals.slice(0, MOST_REFUSALS).map((line) => `- ${line}`),
    ...(more > 0 ? [language === 'fr' ? `- … et ${more} de plus` : `- … and ${more} more`] : []),
  ].join('\n');
}

/** What a step brought back signed, else what people put on the item. */
function onlyFlow(all: readonly Annex[]): Annex {
  const signed = all.filter((annex) => annex.role === 'signed-document' && isXml(annex));
  const candidates = signed.length > 0 ? signed : all.filter((annex) => annex.role === undefined && isXml(annex));
  const [first, second] = candidates;
  if (first !== undefined && second === undefined) return first;
  const problem = first === undefined ? `the item has no XML file, ${nameFiles(all)}` : `several files of the item could be the PES flow: ${nameFiles(candidates)}`;
  throw new Refused(`Field «file»: ${problem}. Map the PES file.`);
}
