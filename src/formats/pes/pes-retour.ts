/** A piece of which the treasury tells what became. */
export interface ReturnedPiece {
  readonly domain: 'expense' | 'revenue';
  readonly slip: string;
  readonly year: string;
  readonly number: string;
  /** Code of EtatPce. */
  readonly state: string;
  /** What the treasury says of it (ObsEtat); '' where it says nothing. */
  readonly note: string;
}

/** A PES_Retour: what became of slips and pieces over there (contracts/pes-actes-formats.md §A8). */
export interface PesRetour {
  readonly nomFic: string;
  readonly typFic: string;
  /** `CodColl` in this file. */
  readonly codCol: string;
  readonly idColl: string;
  readonly idPost: string;
  readonly codBud: string;
  /** Day on which it was made. */
  readonly producedOn: string;
  /** TypRestit of its domains, each once. */
  readonly restitutions: readonly string[];
  /** Local names of the children of the root beside envelope and header. */
  readonly domains: readonly string[];
  readonly slipCount: number;
  readonly pieceCount: number;
  /** How many pieces stand in each state, by domain and code of EtatPce: `expense 02`. */
  readonly states: ReadonlyMap<string, number>;
  /** The first 5,000 pieces that were rejected. */
  readonly rejected: readonly ReturnedPiece[];
}
