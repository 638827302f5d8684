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

type Settings = Pick<TeleTransmissionSettings, 'signatureRequired' | 'dematerialised'>;

/** The PES flow of an item, read to its end and held against what platforms and treasury refuse, so that nothing is sent that would come back
 * (contracts/pes-actes-formats.md §A6). Throws Refused with every refusal; what is only doubtful is logged. */
export async function chooseAndReadPes({ item, fields }: Submission, settings: Settings, context: Pick<ConnectorContext, 'blobs' | 'signal' | 'logger'>): Promise<{ readonly annex: Annex; readonly report: PesReport }> {
  const annex = fileNamed('file', item.annexes, fields) ?? onlyFlow(item.annexes);
  const report = await readPes(annexContent(annex, context), { dematerialised: settings.dematerialised });
  const refusals = [...refusalsOf(report).map(describeFinding), ...(settings.signatureRequired ? unsigned(report) : [])];
  if (refusals.length > 0) throw new Refused(refusal(annex, refusals));
  const warnings = report.findings.filter(({ severity }) => severity === 'warning');
  if (warnings.length > 0) context.logger.warn(`The PES file «${annex.filename}» may be refused over there`, { warnings: warnings.slice(0, MOST_REFUSALS).map(describeFinding), count: warnings.length });
  return { annex, report };
}

function refusal({ filename }: Annex, refusals: readonly string[]): string {
  const more = refusals.length - MOST_REFUSALS;
  return [
    `The PES file «${filename}» was not sent, because it would be refused. Have the finance software correct it and make it anew:`,
    ...refusals.slice(0, MOST_REFUSALS).map((line) => `- ${line}`),
    ...(more > 0 ? [`- … and ${more} more`] : []),
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

/** A flow of attachments alone has nothing to be signed (§A6.11). */
function unsigned({ signature, slipCount, slips }: PesReport): readonly string[] {
  if (slipCount === 0 || signature === 'file' || signature === 'slips') return [];
  const without = slips.filter(({ isSigned }) => !isSigned).map(({ number }) => number);
  return [`A signature is required on each slip: ${signature === 'none' ? 'none is signed' : `not signed: ${without.slice(0, MOST_REFUSALS).join(', ')}`}. Have it signed before, or set «signatureRequired: false» in the settings of the connector`];
}
