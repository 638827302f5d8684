/** An anomaly as the treasury names it (contracts/pes-actes-formats.md §A7). */
export interface AcquitError {
  readonly code: string | null;
  readonly label: string | null;
}

export interface AcquitPiece {
  readonly number: string;
  readonly errors: readonly AcquitError[];
  readonly lines: readonly { readonly number: string; readonly errors: readonly AcquitError[] }[];
}

/** The verdict on one part of a flow: the whole file, a slip, an attachment. */
export interface AcquitElement {
  /** Code of DomaineAck. */
  readonly domain: string;
  readonly isAccepted: boolean;
  readonly slip: { readonly number: string; readonly year: string | null } | null;
  readonly attachment: string | null;
  readonly market: string | null;
  readonly errors: readonly AcquitError[];
  readonly pieces: readonly AcquitPiece[];
}

/** A PES_ACQUIT. `nomFic` and `codCol` say which flow it answers. */
export interface PesAcquit {
  readonly nomFic: string;
  readonly codCol: string;
  readonly idColl: string | null;
  /** In the order of the file; of a long one the first 5,000 that are accepted and the first 5,000 that are not. */
  readonly elements: readonly AcquitElement[];
  /** How many more there are of each; absent: none. */
  readonly unlisted?: { readonly accepted: number; readonly rejected: number };
  /** The rest of its header, as the flow had it; absent where it is not said. */
  readonly producedOn?: string;
  readonly idPost?: string;
  readonly codBud?: string;
}

/** accepted: there is at least one element and all are accepted (§A7); a mixed answer is not an acceptance. */
export type AcquitVerdict = 'accepted' | 'partly-rejected' | 'rejected';
