/** How a connector is rehearsed. */
export interface Rehearsal {
  /** Operation of its manifest. */
  readonly operation: string;
  /** Cases that cannot happen to it, each with the reason. */
  readonly skips: Readonly<Partial<Record<'refuse' | 'takeDown' | 'secrets', string>>>;
  open(): Promise<OtherSide>;
}

/** The system that a connector talks to, simulated, with nothing in it yet. */
export interface OtherSide {
  /** Settings that work. */
  readonly settings: unknown;
  /** Settings that pass the schema but cannot work: a wrong folder, password or address. */
  readonly brokenSettings: unknown;
  /** Secret values among the settings. */
  readonly secrets: readonly string[];
  /** What arrived, one entry an item, with the SHA-256 of its files. */
  delivered(): Promise<readonly { readonly itemUid: string; readonly files: readonly string[] }[]>;
  /** From now on it refuses everything for good. */
  refuse(): Promise<void>;
  /** From now on it cannot be reached. */
  takeDown(): Promise<void>;
  close(): Promise<void>;
}
