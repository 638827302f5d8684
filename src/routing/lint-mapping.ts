import type { Step } from '../domain/flow.js';
import type { FieldSource, TargetField, ValueTable } from '../domain/mapping.js';
import { literalOf, plainName } from './condition.js';
import { checkExpression, compileExpression, type ExpressionNode } from './expression.js';
import { fitValue } from './fit-value.js';
import { lintConstant } from './lint-constant.js';
import { lintExpression } from './lint-expression.js';
import { lintTable } from './lint-table.js';
import type { MappingMistake } from './mapping-mistake.js';

export interface LintContext {
  readonly tables: ReadonlyMap<string, ValueTable>;
  /** Of the operation of the step. */
  readonly targetFields: Readonly<Record<string, TargetField>>;
  /** Id of the connector: rows for other connectors are not looked at. */
  readonly connector: string;
  /** Steps whose results expressions may use; absent: not checked. */
  readonly steps?: readonly string[];
  /** All values that a name of the view can have, where they are known: users for `creator`, organisations for
   * `proposingOrganisation`, categories for `category`. A table that refuses unknown values is held against them. */
  readonly knownValues?: Readonly<Record<string, readonly string[]>>;
}

/** Values of the view that are no texts: what they fit into is known without an item. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  toDiscuss: true, createdAt: '2027-03-01T09:00:00.000Z', modifiedAt: '2027-03-01T09:00:00.000Z', annexes: [{}], extra: {}, results: {},
};

/** Everything about the mapping and the condition of a step that can be found without an item. */
export function lintStep({ fields, when }: Pick<Step, 'fields' | 'when'>, context: LintContext): MappingMistake[] {
  const { targetFields } = context;
  const mistakes = when === null ? [] : lintExpression(when, ['when'], context.steps);
  for (const [name, source] of Object.entries(fields)) {
    const target = Object.hasOwn(targetFields, name) ? targetFields[name] : undefined;
    if (target === undefined) mistakes.push(unknownField(name, Object.keys(targetFields)));
    mistakes.push(...lintSource(source, ['fields', name], target, context));
  }
  for (const [name, { required }] of Object.entries(targetFields)) {
    if (required !== true || Object.hasOwn(fields, name)) continue;
    mistakes.push({ kind: 'required', severity: 'error', at: ['fields'], message: `found no ${name}, a field that this operation requires` });
  }
  return mistakes;
}

function unknownField(written: string, known: readonly string[]): MappingMistake {
  return { kind: 'field', severity: 'error', at: ['fields', written], message: `found ${written}, which is not a field of this operation`, suggestions: { written, known } };
}

function lintSource(source: FieldSource, at: readonly string[], target: TargetField | undefined, context: LintContext): MappingMistake[] {
  if ('value' in source) return target === undefined ? [] : lintConstant(source.value, [...at, 'value'], target);
  if ('expression' in source) {
    const path = [...at, 'expression'];
    return [...lintExpression(source.expression, path, context.steps), ...lintKnownResult(source.expression, path, target)];
  }
  const { connector, tables, knownValues = {} } = context;
  const mistakes = lintExpression(source.from, [...at, 'from'], context.steps);
  const table = tables.get(source.table);
  if (table === undefined) return [...mistakes, unknownTable(source.table, [...tables.keys()], [...at, 'table'])];
  const tree = treeOf(source.from);
  const name = (tree === null ? null : plainName(tree)) ?? '';
  const expected = Object.hasOwn(knownValues, name) ? knownValues[name] ?? [] : [];
  return [...mistakes, ...lintTable({ table, connector, target, expected }, [...at, 'table'])];
}

function unknownTable(written: string, known: readonly string[], at: readonly string[]): MappingMistake {
  return { kind: 'table', severity: 'error', at, message: `found ${written}, which is not a table of the configuration`, suggestions: { written, known } };
}

/** An expression that is a constant, or a name of the view that never fits the field, such as `annexes` into a text. */
function lintKnownResult(text: string, at: readonly string[], target: TargetField | undefined): MappingMistake[] {
  const tree = treeOf(text);
  if (tree === null || target === undefined) return [];
  const literal = literalOf(tree);
  if (literal !== null) return lintConstant(literal.value, at, target);
  const name = plainName(tree) ?? '';
  if (!Object.hasOwn(SAMPLES, name)) return [];
  const { type, title } = target;
  const fitted = fitValue(SAMPLES[name], { type, title });
  if (!('problem' in fitted)) return [];
  return [{ kind: 'value', severity: 'error', at, message: fitted.problem.replace(/^found .*?, expected/, `found ${name}, expected`) }];
}

function treeOf(text: string): ExpressionNode | null {
  return checkExpression(text) === null ? compileExpression(text).tree : null;
}
