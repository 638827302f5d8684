import { FormatError } from '../format-error.js';
import { createAcquitBuilder } from './acquit-builder.js';
import type { AcquitVerdict, PesAcquit } from './pes-acquit.js';
import { walkXml } from '../walk-xml.js';

/** The current namespace is …/Rev0/retour/v2, the old one …/Rev0/retour (contracts/pes-actes-formats.md §A7). */
const NAMESPACE = 'http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/retour';

/** Reads a PES_ACQUIT as it streams in, of the current and of the old kind. Throws FormatError for another file, one that is cut, and one that says
 * nothing of any part of the flow; throws what the stream throws. */
export async function readPesAcquit(content: AsyncIterable<Uint8Array>): Promise<PesAcquit> {
  const builder = createAcquitBuilder();
  await walkXml(content, {
    open(name, value, depth, tag) {
      if (depth === 1) requireRoot(name, tag.namespace);
      else builder.open(name, value);
    },
    close: (name) => builder.close(name),
  }, 'The acknowledgement of the treasury');
  const acquit = builder.end();
  if (acquit.elements.length === 0) throw new FormatError('The acknowledgement of the treasury says nothing: it has no ElementACQUIT, so nothing is accepted or rejected.');
  return acquit;
}

function requireRoot(name: string, namespace: string): void {
  if (name !== 'PES_ACQUIT') throw new FormatError(`A ${name} was found in place of the acknowledgement of the treasury; PES_ACQUIT was expected.`);
  if (!namespace.startsWith(NAMESPACE)) throw new FormatError(`The acknowledgement of the treasury has the namespace «${namespace}»; ${NAMESPACE} or ${NAMESPACE}/v2 was expected.`);
}

/** What the treasury decided on the flow as a whole. Nothing said is nothing accepted. */
export function verdictOf(acquit: Pick<PesAcquit, 'elements' | 'unlisted'>): AcquitVerdict {
  const { accepted, rejected } = countElements(acquit);
  if (accepted === 0) return 'rejected';
  return rejected === 0 ? 'accepted' : 'partly-rejected';
}

/** How many parts of the flow it accepts and rejects, whether they are listed or not. */
export function countElements({ elements, unlisted = { accepted: 0, rejected: 0 } }: Pick<PesAcquit, 'elements' | 'unlisted'>): { readonly accepted: number; readonly rejected: number } {
  const accepted = elements.filter(({ isAccepted }) => isAccepted).length;
  return { accepted: accepted + unlisted.accepted, rejected: elements.length - accepted + unlisted.rejected };
}

/** Whether an acknowledgement answers a flow: same NomFic and same CodCol, whatever the platform called the files (§A7). One that names no
 * NomFic answers none. */
export function matches(acquit: Pick<PesAcquit, 'nomFic' | 'codCol'>, flow: { readonly nomFic: string | null; readonly codCol: string | null }): boolean {
  const code = (text: string): string => text.trim().padStart(3, '0');
  return acquit.nomFic !== '' && acquit.nomFic === flow.nomFic?.trim() && flow.codCol !== null && code(acquit.codCol) === code(flow.codCol);
}
