/** What is wrong, or worth knowing, in a PES file. */
export interface PesFinding {
  /** `error`: the platform or the treasury refuses it. */
  readonly severity: 'error' | 'warning';
  /** Rule of contracts/pes-actes-formats.md, `A6.6`. */
  readonly rule: string;
  /** `/PES_Aller/EnTetePES/CodCol/@V`. */
  readonly place: string;
  /** Line of the file; 0 for the file as a whole. */
  readonly line: number;
  /** What was found and what was expected. */
  readonly message: string;
  /** The same in French, where it is known. */
  readonly messageFr?: string;
}

/** A slip (bordereau). Amounts are decimal texts as the file has them. */
export interface PesSlip {
  readonly domain: 'expense' | 'revenue';
  readonly number: string;
  readonly year: string;
  readonly type: string;
  readonly id: string | null;
  readonly declaredPieces: number | null;
  readonly pieces: number;
  readonly amount: string | null;
  readonly vat: string | null;
  readonly isSigned: boolean;
  readonly line: number;
}

export interface PesAttachment {
  readonly uniqueId: string;
  readonly name: string;
  readonly type: string | null;
  readonly mediaType: string | null;
  /** Of the base64 text, bytes. */
  readonly encodedBytes: number;
}

/** What a PES file holds. Lists are cut at 5,000 entries; the counts are not. */
export interface PesReport {
  readonly bytes: number;
  readonly sha1: string;
  /** As declared; null where nothing is. */
  readonly encoding: string | null;
  /** Local name of the root: PES_Aller, PES_ACQUIT_RETOUR, or what it is instead. */
  readonly root: string;
  readonly typFic: string | null;
  readonly nomFic: string | null;
  readonly producedOn: string | null;
  readonly idPost: string | null;
  readonly idColl: string | null;
  readonly codCol: string | null;
  readonly codBud: string | null;
  readonly budgetLabel: string | null;
  /** Local names of the children of the root beside envelope, header and signature. */
  readonly domains: readonly string[];
  readonly slipCount: number;
  readonly slips: readonly PesSlip[];
  readonly pieceCount: number;
  readonly attachmentCount: number;
  readonly attachments: readonly PesAttachment[];
  /** `slips`: each slip is signed; `partial`: some are. */
  readonly signature: 'none' | 'file' | 'slips' | 'partial';
  readonly findings: readonly PesFinding[];
}
