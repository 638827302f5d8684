/** A value of a table. `group`: the rows for a connector or a source, or the common ones; `key` null: the default. */
export interface RowPlace {
  readonly table: string;
  readonly group: { readonly connector: string } | { readonly source: string } | null;
  readonly key: string | null;
}

/** `expression`: it cannot be read; `name`, `function`: it refers to what is not there; `field`: no such target field;
 * `required`: a target field without source; `table`: no such table; `value`: a constant that the field does not take;
 * `loss`: one that it cuts; `unmapped`: a known value for which a table has no row. */
export type MistakeKind = 'expression' | 'name' | 'function' | 'field' | 'required' | 'table' | 'value' | 'loss' | 'unmapped';

/** Something in a step that will not work, or (`warning`) not for every item. */
export interface MappingMistake {
  readonly kind: MistakeKind;
  readonly severity: 'error' | 'warning';
  /** Inside the step: `['fields', 'title', 'expression']`. */
  readonly at: readonly string[];
  /** Set where the mistake stands in a row of a table; several steps may find the same one. */
  readonly row?: RowPlace;
  /** Begins with what was found; the names that could be meant are left to `suggestions`. */
  readonly message: string;
  readonly suggestions?: { readonly written: string; readonly known: readonly string[] };
  /** Characters from the start of the expression at `at`. */
  readonly offset?: number;
}
