import { createHash } from 'node:crypto';
import { XmlError } from '../../xml/xml-error.js';
import { checkEncoding, encodingOf, HEAD_BYTES } from './pes-encoding.js';
import { WHOLE_FILE } from './pes-findings.js';
import { createPesReading, type PesReading } from './pes-reading.js';
import type { PesReport } from './pes-report.js';
import { isSendable, otherThanXml } from './pes-root.js';

export interface ReadPesOptions {
  /** The workflow needs signatures: a slip without one is an error. */
  readonly dematerialised?: boolean;
}

/** The platform takes no larger file (contracts/s2low.md §5.1). */
const LARGEST = 134_217_728;

/** Reads a PES file as it streams, at constant memory, and says what it holds and what is wrong with it (contracts/pes-actes-formats.md
 * §A). Never throws for what the file is; throws what `content` throws. That no other flow has the same name or bytes is not
 * looked at here (§A6 6 and 8). */
export async function readPes(content: AsyncIterable<Uint8Array>, { dematerialised = false }: ReadPesOptions = {}): Promise<PesReport> {
  const hash = createHash('sha1');
  let head = '';
  let isLatin: boolean | undefined;
  const reading = createPesReading(() => isLatin ??= /^iso-8859-1$/i.test(encodingOf(head) ?? ''));
  let bytes = 0;
  let failure: XmlError | undefined;

  for await (const piece of content) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    hash.update(chunk);
    bytes += chunk.length;
    if (head.length < HEAD_BYTES) head += chunk.toString('latin1', 0, HEAD_BYTES - head.length);
    failure ??= attempt(() => { reading.sink.push(chunk); });
  }
  if (bytes > 0) failure ??= attempt(() => { reading.sink.end(); });
  check(reading, { bytes, head, failure, dematerialised });
  return reportOf(reading, { bytes, sha1: hash.digest('hex'), encoding: encodingOf(head) });
}

function attempt(step: () => void): XmlError | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
}

interface Outcome {
  readonly bytes: number;
  readonly head: string;
  readonly failure: XmlError | undefined;
  readonly dematerialised: boolean;
}

/** What can be told only at the end. A file that is something else is told that alone. */
function check(reading: PesReading, { bytes, head, failure, dematerialised }: Outcome): void {
  const { findings } = reading;
  if (bytes === 0) { findings.error('A6.1', WHOLE_FILE, { en: 'the file is empty', fr: 'le fichier est vide' }); return; }
  if (bytes > LARGEST) findings.error('A6.1', WHOLE_FILE, { en: `the file has ${bytes} bytes; the platform takes ${LARGEST} at most (128 MiB)`, fr: `le fichier fait ${bytes} octets ; la plateforme en accepte ${LARGEST} au plus (128 Mio)` });
  const root = reading.root();
  if (failure !== undefined) refuseFailure(failure, head, reading);
  if (root === undefined) return;
  if (!isSendable(root)) return;
  checkEncoding(head, findings);
  reading.ids.check(reading.signatures.referred);
  // the rest of a file that cannot be read to its end is not known
  if (failure !== undefined) return;
  reading.header.check(root.local, findings);
  reading.attachments.check();
  checkDomains(reading, root.local);
  checkSigning(reading, dematerialised);
}

function refuseFailure({ problem, message, line }: XmlError, head: string, reading: PesReading): void {
  const other = otherThanXml(head);
  const spot = { place: reading.spot().place, line };
  if (other !== undefined) reading.findings.error('A6.3', WHOLE_FILE, { en: `the file is ${other.en}; expected a PES file in XML`, fr: `le fichier est ${other.fr} ; attendu : un fichier PES en XML` });
  else if (problem === 'doctype') reading.findings.error('A6.3', spot, { en: 'the file holds a DOCTYPE, which is refused: it could grow without end or name other files', fr: 'le fichier contient un DOCTYPE, ce qui est refusé : il pourrait grossir sans fin ou désigner d\'autres fichiers' });
  else if (problem === 'encoding') reading.findings.error('A6.2', spot, { en: message, fr: `les octets ne correspondent pas à l'encodage déclaré : ${message}` });
  else reading.findings.error('A6.3', spot, { en: message, fr: `le fichier n'est pas un XML que l'on peut lire jusqu'au bout : ${message}` });
}

function checkDomains({ domains, findings }: PesReading, root: string): void {
  if (domains.length > 0) return;
  findings.error('A6.5', { place: `/${root}`, line: 0 }, { en: 'the file holds no domain (expenses, revenues, attachments…): it would never be answered', fr: 'le fichier ne contient aucun domaine (dépenses, recettes, PJ…) : il ne recevrait jamais de réponse' });
}

/** What is needed so that the slips can be signed, and are (contracts/pes-actes-formats.md §A4, §A6 11). */
function checkSigning(reading: PesReading, isRequired: boolean): void {
  const { slips: { totals }, findings, signatures } = reading;
  if (signatures.isFileSigned() || totals.slips === totals.signed) return;
  const unsigned = totals.slips - totals.signed;
  const words = { en: `${unsigned} of ${totals.slips} slips are not signed`, fr: `${unsigned} bordereaux sur ${totals.slips} ne sont pas signés` };
  const spot = { place: '/PES_Aller', line: 0 };
  if (isRequired) findings.error('A6.11', spot, { en: `${words.en}, and this flow needs signatures`, fr: `${words.fr}, et ce flux exige des signatures` });
  else if (totals.signed > 0 || totals.dematerialised) findings.warning('A6.11', spot, words);
  if (totals.withoutId > 0 && reading.root()?.attributes.some(({ local }) => local === 'Id') !== true) {
    findings.warning('A4', spot, { en: `${totals.withoutId} of ${totals.slips} slips have no Id and the root has none: they cannot be signed`, fr: `${totals.withoutId} bordereaux sur ${totals.slips} n'ont pas d'Id et la racine non plus : ils ne peuvent pas être signés` });
  }
}

function reportOf(reading: PesReading, { bytes, sha1, encoding }: Pick<PesReport, 'bytes' | 'sha1' | 'encoding'>): PesReport {
  const { slips, attachments, domains, findings } = reading;
  return {
    bytes,
    sha1,
    encoding,
    root: reading.root()?.local ?? '',
    ...reading.header.header,
    domains,
    slipCount: slips.totals.slips,
    slips: slips.slips,
    pieceCount: slips.totals.pieces,
    attachmentCount: attachments.count(),
    attachments: attachments.attachments,
    signature: signatureOf(reading),
    findings: findings.list(),
  };
}

function signatureOf({ slips: { totals }, signatures }: PesReading): PesReport['signature'] {
  if (signatures.isFileSigned()) return 'file';
  if (totals.signed === 0) return 'none';
  return totals.signed === totals.slips ? 'slips' : 'partial';
}
