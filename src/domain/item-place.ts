/** Where items that no caller of ws4pm made come to stand: those of a deposit, and those that a connector collects. */
export interface ItemPlace {
  /** Id of the account in whose name they are created. */
  readonly creator: string;
  /** The source of that account, by which flows know them. */
  readonly source: string;
  readonly configId: string;
  /** Uid of the organisation that proposes them. */
  readonly organisation: string;
  /** Short id of the annex type that their files get. */
  readonly annexType: string;
  /** The state of the meeting config in which they begin. */
  readonly reviewState: string;
}
