import type { FieldSource, FieldValue, TargetField, ValueTable } from '../domain/mapping.js';
import { compileExpression } from './expression.js';
import { fitValue } from './fit-value.js';
import { lookUp, type LookedUp, type TableReader } from './look-up.js';

/** What a mapping is read with. `tables` are those of the configuration in force. */
export interface MappingContext extends TableReader {
  readonly tables: ReadonlyMap<string, ValueTable>;
  readonly targetFields: Readonly<Record<string, TargetField>>;
}

/** How a target field gets its value. */
export interface FieldRow {
  readonly field: string;
  /** `title`, `"urgent"`, `table services of proposingOrganisation (connector row)`; empty for a field without source. */
  readonly from: string;
  /** What the item gave, before the table and the conversion. */
  readonly found: unknown;
  /** What is handed over; undefined: nothing is. */
  readonly value: FieldValue | undefined;
  /** What is lost, in plain words. */
  readonly warnings: readonly string[];
  /** Why there is no value, in plain words with the name of the field. */
  readonly problem: string | null;
  /** The line to add to the configuration, where that is the way out. */
  readonly fix: string | null;
}

/** What a source gives before it is fitted into the target field. */
type Given = { readonly value: unknown; readonly by?: string | null } | { readonly problem: string; readonly fix: string | null };

/** Every field of the sources, and every required one without source, in this order, whatever is wrong with the others.
 * Never rejects. */
export async function explainFields(sources: Readonly<Record<string, FieldSource>>, view: unknown, context: MappingContext): Promise<FieldRow[]> {
  const rows: FieldRow[] = [];
  // One after the other: the bounds of an expression are wall time.
  for (const [field, source] of Object.entries(sources)) rows.push(await explainField(field, source, view, context));
  for (const [field, { required }] of Object.entries(context.targetFields)) {
    if (required !== true || Object.hasOwn(sources, field)) continue;
    rows.push({ field, from: '', found: undefined, value: undefined, warnings: [], problem: `Field «${field}» is required, but the step does not map it.`, fix: null });
  }
  return rows;
}

async function explainField(field: string, source: FieldSource, view: unknown, context: MappingContext): Promise<FieldRow> {
  const row = { field, from: describeSource(source), found: undefined as unknown, value: undefined, warnings: [], problem: null, fix: null };
  const failed = (problem: string, fix: string | null = null): FieldRow => ({ ...row, problem: sentence(field, problem), fix });
  const target = Object.hasOwn(context.targetFields, field) ? context.targetFields[field] : undefined;
  if (target === undefined) return failed('is not among the fields of this operation');
  try {
    row.found = await foundBy(source, view);
  } catch (error) {
    return failed(`the expression «${row.from}» cannot be used: ${error instanceof Error ? error.message : 'it fails'}`);
  }
  const given = 'table' in source ? answerOf(source.table, row.found, context) : { value: row.found };
  if ('problem' in given) return failed(given.problem, given.fix);
  if (typeof given.by === 'string') row.from = `${row.from} (${given.by})`;
  const fitted = fitValue(given.value, target);
  if ('problem' in fitted) return failed(fitted.problem);
  return { ...row, value: fitted.value, warnings: fitted.cut === undefined ? [] : [sentence(field, fitted.cut)] };
}

async function foundBy(source: FieldSource, view: unknown): Promise<unknown> {
  if ('value' in source) return source.value;
  const found = await compileExpression('table' in source ? source.from : source.expression).evaluate(view);
  // A list of jsonata carries its bookkeeping along.
  return Array.isArray(found) ? [...found as unknown[]] : found;
}

/** A list is looked up value by value, and what comes is one list. */
function answerOf(id: string, found: unknown, context: MappingContext): Given {
  const table = context.tables.get(id);
  if (table === undefined) return { problem: `there is no table «${id}» in the configuration`, fix: null };
  if (!Array.isArray(found)) return described(lookUp(table, found, context));
  const answers = found.map((value: unknown) => lookUp(table, value, context));
  const failures = answers.filter((answer) => 'problem' in answer);
  if (failures.length === 0) return { value: answers.flatMap((answer) => ('value' in answer ? answer.value : [])) };
  return { problem: unique(failures.map(({ problem }) => problem)).join('; '), fix: unique(failures.flatMap(({ fix }) => fix ?? [])).join('\n') || null };
}

const ANSWERED_BY = { connector: 'row of the connector', source: 'row of the source', common: 'row', default: 'default', same: 'same value' };

function described(answer: LookedUp): Given {
  return 'problem' in answer ? answer : { value: answer.value, by: answer.by === null ? null : ANSWERED_BY[answer.by] };
}

function describeSource(source: FieldSource): string {
  if ('value' in source) return JSON.stringify(source.value);
  return 'table' in source ? `table ${source.table} of ${source.from}` : source.expression;
}

function sentence(field: string, rest: string): string {
  return `Field «${field}»${/^is /.test(rest) ? '' : ':'} ${rest}${/[.?]$/.test(rest) ? '' : '.'}`;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
