/** A type of document that acts of a nature may hold. */
export interface Typology {
  /** Five characters, `99_DE`. */
  readonly code: string;
  readonly label: string;
}

export interface ActeNature {
  /** `1` to `6`. */
  readonly code: string;
  readonly label: string;
  /** `DE`. */
  readonly short: string;
  /** In the order in which they are proposed: those that begin with 99 first. Empty where the file is of before there were any. */
  readonly typologies: readonly Typology[];
}

/** The classification of the prefecture (RetourClassification, contracts/pes-actes-formats.md §B2). */
export interface Classification {
  /** Its version, `2019-04-18`. */
  readonly date: string;
  readonly natures: readonly ActeNature[];
  /** Labels by path, `7.1`. */
  readonly matters: ReadonlyMap<string, string>;
}
