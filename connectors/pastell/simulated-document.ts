/** A file of a document: its bytes are kept under their hash. */
export interface DocumentFile {
  readonly filename: string;
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What people answer about a document, whatever it waits for: asked once, and taken wherever they are asked. */
export type StandingAnswer =
  | { readonly state: 'done'; readonly files: readonly DocumentFile[] }
  | { readonly state: 'rejected'; readonly reason: string };

/** A document of a Pastell, as it is remembered: plain JSON. Instants are epoch milliseconds. */
export interface SimulatedDocument {
  readonly id: string;
  readonly entity: number;
  readonly type: string;
  readonly createdAt: number;
  editedAt: number;
  /** Scalars, by field. */
  readonly values: Record<string, string>;
  /** Files, by field. */
  readonly files: Record<string, readonly DocumentFile[]>;
  /** Every state that it was in, the last one being the present one. */
  readonly states: { readonly action: string; readonly at: number; readonly message: string }[];
  /** The first state outside of the draft: it was handed over. */
  isStarted: boolean;
  /** How many requests still find it busy. */
  busy: number;
  /** How often its next checks still have no answer, whatever people did. */
  notYet: number;
  /** Its last automatic step failed so often that an operator has to let it go on. */
  isLocked: boolean;
  /** What the signature book was told, and what people did with it there. */
  signature: { readonly history: SignatureEvent[]; verdict: 'signed' | 'refused' | null; signed: DocumentFile | null } | null;
  standing: StandingAnswer | null;
}

export interface SignatureEvent {
  readonly at: number;
  readonly who: string;
  /** `Signe`, `RejetSignataire` (contracts/pastell.md §13). */
  readonly status: string;
  readonly annotation: string;
}

export interface NewDocument {
  readonly id: string;
  readonly entity: number;
  readonly type: string;
  readonly at: number;
}

export function newDocument({ at, ...named }: NewDocument): SimulatedDocument {
  return {
    ...named, createdAt: at, editedAt: at, values: {}, files: {}, states: [{ action: 'creation', at, message: 'Création du document' }],
    isStarted: false, busy: 0, notYet: 0, isLocked: false, signature: null, standing: null,
  };
}

export function stateOf({ states }: Pick<SimulatedDocument, 'states'>): SimulatedDocument['states'][number] {
  const last = states.at(-1);
  if (last === undefined) throw new TypeError('a document has a state');
  return last;
}

export function hasPassed({ states }: Pick<SimulatedDocument, 'states'>, action: string): boolean {
  return states.some((state) => state.action === action);
}

export function isTicked({ values }: Pick<SimulatedDocument, 'values'>, checkbox: string): boolean {
  return values[checkbox] === '1';
}

/** Ticked in one of the two ways in which a signature is asked for. */
export function wantsSignature(document: Pick<SimulatedDocument, 'values'>): boolean {
  return isTicked(document, 'envoi_signature') || isTicked(document, 'envoi_signature_fast');
}
