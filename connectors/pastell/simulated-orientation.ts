import { hasPassed, isTicked, stateOf, wantsSignature, type SimulatedDocument } from './simulated-document.js';
import type { DocumentType } from './simulated-types.js';

/** A step that a document may take: it is wanted, it is prepared in a state, and it was taken once another was passed. */
interface Step {
  readonly wanted: (document: SimulatedDocument) => boolean;
  readonly prepare: string;
  readonly taken: string;
}

const box = (name: string) => (document: SimulatedDocument) => isTicked(document, name);

const TRANSMISSION: readonly Step[] = [
  { wanted: wantsSignature, prepare: 'prepare-iparapheur', taken: 'recu-iparapheur' },
  { wanted: box('envoi_tdt'), prepare: 'prepare-tdt', taken: 'send-tdt' },
  { wanted: box('envoi_ged'), prepare: 'prepare-ged', taken: 'send-ged' },
  { wanted: box('envoi_sae'), prepare: 'prepare-sae', taken: 'accepter-sae' },
];

const PDF: readonly Step[] = [
  { wanted: wantsSignature, prepare: 'preparation-send-iparapheur', taken: 'recu-iparapheur' },
  { wanted: box('envoi_ged_1'), prepare: 'preparation-send-ged-1', taken: 'send-ged-1' },
  { wanted: box('envoi_mailsec'), prepare: 'preparation-send-mailsec', taken: 'send-mailsec' },
  { wanted: box('envoi_ged_2'), prepare: 'preparation-send-ged-2', taken: 'send-ged-2' },
  { wanted: box('envoi_sae'), prepare: 'preparation-send-sae', taken: 'accepter-sae' },
];

const END = 'termine';

/** The state in which the next step of a document is prepared; null where there is no way on from where it is (contracts/pastell.md §6:
 * a PDF cannot leave a bare `creation`). */
export function nextPlace(document: SimulatedDocument, { id, carries }: DocumentType): string | null {
  if (carries === null && stateOf(document).action === 'creation') return null;
  if (id === 'document-a-signer') return placeAfterSignature(document);
  const steps = carries === null ? PDF : TRANSMISSION;
  return steps.find(({ wanted, taken }) => wanted(document) && !hasPassed(document, taken))?.prepare ?? END;
}

/** It goes on by itself, or waits for whoever asked for the signature. */
function placeAfterSignature(document: SimulatedDocument): string {
  const isDeposited = hasPassed(document, 'send-ged');
  if (!isTicked(document, 'envoi_auto')) return isDeposited ? 'send-ged-etat' : 'recu-iparapheur-etat';
  return isTicked(document, 'envoi_ged') && !isDeposited ? 'prepare-ged' : END;
}
