/** What an item of a source gets where its caller says nothing. */
export interface CreationDefaults {
  /** Id of a category; used in the meeting configs that have it. Null: none. */
  readonly category: string | null;
  /** Short id of the annex type of files without one; null: the first of the meeting config. */
  readonly annexType: string | null;
  /** Before `annexType`, by the extension of the file, in small letters. */
  readonly annexTypesByExtension: ReadonlyMap<string, string>;
  /** Id or uid of an organisation; null: the caller has to name one. */
  readonly proposingGroup: string | null;
}

/** How an application that calls is to be understood and answered, where that differs from others. */
export interface SourceSettings {
  /** `User.source` of its account. */
  readonly id: string;
  /** What it calls a user, trimmed → id of the user here; null: nobody, the account acts for itself (contracts/wsclient.md §7.2). */
  readonly users: ReadonlyMap<string, string | null>;
  /** Users that are not in `users`: the same id here, or a refusal. */
  readonly unmapped: 'same' | 'refuse';
  readonly creation: CreationDefaults;
  /** Review state → what this caller is told in its place. */
  readonly states: ReadonlyMap<string, string>;
  /** What was read so recently is answered without asking the system behind again, in place of ConfigBackend.freshForMs; milliseconds. */
  readonly freshForMs: number | null;
  /** Texts that are empty are left out of what it is told, never given as empty elements (contracts/wsclient.md §8.2). */
  readonly omitsEmptyTexts: boolean;
}
