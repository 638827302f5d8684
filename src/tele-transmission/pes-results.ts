import type { Results, Tracking } from '../connector-api/connector.js';
import { describeAcquit } from '../formats/pes/describe-acquit.js';
import type { PesAcquit } from '../formats/pes/pes-acquit.js';
import { verdictOf } from '../formats/pes/read-acquit.js';

/** A flow that was sent, and the file of its acknowledgement, kept already. */
export interface AnsweredPes {
  readonly transaction: string;
  readonly nomFic: string;
  readonly file: { readonly sha256: string; readonly size: number };
  readonly language?: 'fr' | 'en';
}

/** Lines of what was rejected that the reason names; the field `rejected` has them all. */
const MOST_IN_REASON = 5;

/** What an acknowledgement of the treasury does to a flow. Only one that accepts everything ends it well: of a flow that is partly rejected
 * a part must be sent anew. */
export function pesTracking(flow: AnsweredPes, acquit: PesAcquit): Tracking {
  const { summary, rejected } = describeAcquit(acquit, flow.language ?? 'fr');
  const results = pesResults(flow, acquit);
  if (verdictOf(acquit) === 'accepted') return { state: 'done', results };
  const lines = rejected.slice(0, MOST_IN_REASON);
  return { state: 'rejected', reason: [summary, ...lines, ...(lines.length < rejected.length ? ['…'] : [])].join('\n'), results };
}

/** The fields PES_RESULTS and the acknowledgement itself, for the item and for the finance software. */
export function pesResults({ transaction, nomFic, file, language = 'fr' }: AnsweredPes, acquit: PesAcquit): Results {
  const { summary, rejected } = describeAcquit(acquit, language);
  return {
    fields: { transaction, verdict: verdictOf(acquit), summary, rejected },
    documents: [{ title: `PES_ACQUIT ${nomFic}`, filename: acquitFilename(nomFic), mediaType: 'application/xml', sha256: file.sha256, size: file.size, role: 'acknowledgement' }],
  };
}

/** `PES_ACQUIT_<NomFic>.xml`: finance software finds its flow by it. */
export function acquitFilename(nomFic: string): string {
  return `PES_ACQUIT_${nomFic.replace(/\.xml$/i, '').replace(/[^A-Za-z0-9._-]/g, '_')}.xml`;
}
