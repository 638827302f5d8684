import type { ResultDocument, Results } from '../connector-api/connector.js';
import type { FieldValue } from '../domain/mapping.js';
import type { ActeMessage } from '../formats/actes/acte-message.js';

/** An act that the prefecture acknowledged. */
export interface AcknowledgedAct {
  readonly transaction: string;
  /** An ARActe. */
  readonly acknowledgement: ActeMessage;
  /** `2027-03-01`; null where the step said nothing of it. */
  readonly publishedOn: string | null;
  /** Kept already: acknowledgement, slip, stamped documents. */
  readonly documents: readonly ResultDocument[];
}

/** The fields ACT_RESULTS and the documents. An act is enforceable once it is both transmitted and published
 * (contracts/pes-actes-formats.md §B6): on the later of the two days, or that of the acknowledgement where nothing is said of the other. */
export function actResults({ transaction, acknowledgement: { actId, receivedOn }, publishedOn, documents }: AcknowledgedAct): Results {
  const enforceableOn = receivedOn === null ? null : [receivedOn, publishedOn ?? receivedOn].toSorted().at(-1) ?? receivedOn;
  const fields: Record<string, FieldValue> = { transaction, actId, acknowledgedOn: receivedOn, enforceableOn };
  return { fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)), documents };
}

/** True for a message about that act: numbers join them, within the authority whose account is used, and not the transactions of platforms
 * (contracts/pes-actes-formats.md §B4). */
export function isAboutAct({ number }: ActeMessage, act: { readonly number: string }): boolean {
  return number === act.number;
}
