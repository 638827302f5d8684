/** A value that a field of another system can take. */
export type FieldValue = string | number | boolean | readonly string[] | null;

/** Where the value of a target field comes from: an expression (JSONata on the view of the item), a constant, or a table
 * with an expression that says what to look up. */
export type FieldSource =
  | { readonly expression: string }
  | { readonly value: FieldValue }
  | { readonly table: string; readonly from: string };

/** What a table answers for a value that is not in it. `refuse`: the delivery is parked with the line to add. `same`: the
 * value itself. Where there is no value at all (null, an empty text), a row with an empty key or the default answers; else
 * nothing is handed over. */
export type UnknownValue = 'refuse' | 'same' | { readonly default: FieldValue };

/** A table of values: users, groups, categories, annex types, or whatever else two systems name differently. Rows for a
 * connector come before rows for a source, and those before the common ones. Read from the configuration in force, so
 * that a row that is added helps what is under way. Keys are trimmed texts. */
export interface ValueTable {
  readonly id: string;
  readonly rows: ReadonlyMap<string, FieldValue>;
  readonly bySource: ReadonlyMap<string, ReadonlyMap<string, FieldValue>>;
  readonly byConnector: ReadonlyMap<string, ReadonlyMap<string, FieldValue>>;
  readonly unknown: UnknownValue;
  /** `relais.yaml:120`: where a row is added; empty where it is not known. */
  readonly place: string;
}

/** A field that an operation of a connector takes. Declared in the manifest; the configuration is checked against it. */
export interface TargetField {
  /** What a connector is given: a text for `text` and `html`; `2027-03-01`, or a moment as ISO text in UTC, for `date`; a list
   * of texts for `list`. */
  readonly type: 'text' | 'html' | 'boolean' | 'integer' | 'date' | 'list';
  readonly title: { readonly fr: string; readonly en: string };
  readonly required?: boolean;
  /** Unicode code points, of each text of a list. A longer text is cut with a warning, or refused where `cut` is false;
   * HTML and dates are always refused. */
  readonly maxLength?: number;
  readonly cut?: boolean;
  /** The only values that the other side takes. */
  readonly values?: readonly string[];
}

/** What a step brought back, as expressions and later steps see it. */
export interface StepResult {
  readonly reference: string | null;
  readonly state: string;
  /** Why it stands so, in words: what a rejection said. Absent or null: nothing is said. */
  readonly reason?: string | null;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Whether an operation takes fields beyond the declared ones: any, or those whose name begins so. */
export type AnyField = boolean | { readonly prefix: string };

/** The fields that an operation takes from a step that maps those of `names`: the declared ones and, where it takes any
 * field, those that are mapped beyond them, as texts. */
export function fieldsTaken(
  operation: { readonly fields?: Readonly<Record<string, TargetField>>; readonly anyField?: AnyField } | undefined, names: Iterable<string>,
): Readonly<Record<string, TargetField>> {
  const declared = operation?.fields ?? {};
  const { anyField = false } = operation ?? {};
  if (anyField === false) return declared;
  const prefix = anyField === true ? '' : anyField.prefix;
  return { ...Object.fromEntries([...names].filter((name) => name.startsWith(prefix)).map((name) => [name, { type: 'text', title: { fr: name, en: name } } satisfies TargetField])), ...declared };
}
