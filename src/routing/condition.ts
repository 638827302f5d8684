import { compileExpression, kindOf, type Expression, type ExpressionNode } from './expression.js';
import type { Scalar } from './scalar.js';

/** A question about a JSON view. */
export interface Condition {
  /** Rejects when the expression fails, exceeds the bounds, or answers anything but true, false or nothing. */
  ask(view: unknown): Promise<boolean>;
  /** True if the answer is surely false. It costs nothing beside asking, and settles most of many flows. */
  isRuledOut(view: Readonly<Record<string, unknown>>): boolean;
}

interface Comparison {
  readonly name: string;
  readonly values: readonly (Scalar | null)[];
}

/** Type, value and position: whatever a token carries beyond them (a filter, a grouping) makes it more than a token. */
const PLAIN_TOKEN = 3;
/** A list has its expressions as well. */
const PLAIN_LIST = PLAIN_TOKEN + 1;

const conditions = new WeakMap<Expression, Condition>();

/** Compiles a condition, once for each text. Throws when the syntax is wrong (see checkExpression). */
export function compileCondition(text: string): Condition {
  const expression = compileExpression(text);
  let condition = conditions.get(expression);
  if (condition === undefined) {
    const comparisons = firstComparisons(expression.tree);
    condition = {
      ask: async (view) => decided(await expression.evaluate(view)),
      isRuledOut: (view) => isRuledOut(comparisons, view),
    };
    conditions.set(expression, condition);
  }
  return condition;
}

function decided(answer: unknown): boolean {
  if (answer === undefined) return false;
  if (typeof answer === 'boolean') return answer;
  throw new Error(`it gives ${kindOf(answer)}, expected true or false`);
}

/** `name = constant` and `name in [constants]` with which a condition begins, joined by `and`. They are what jsonata looks at first, so
 * when one of them does not hold, nothing behind it is evaluated and the answer is false. */
function firstComparisons(node: ExpressionNode): Comparison[] {
  const leading = [node];
  for (let left = node; left.type === 'binary' && left.value === 'and';) {
    left = left['lhs'] as ExpressionNode;
    leading.unshift(left);
  }
  const comparisons: Comparison[] = [];
  // From the innermost left side outwards: each `and` adds its right side.
  for (const part of leading) {
    const comparison = comparisonOf(part.type === 'binary' && part.value === 'and' ? part['rhs'] as ExpressionNode : part);
    if (comparison === null) break;
    comparisons.push(comparison);
  }
  return comparisons;
}

function comparisonOf(node: ExpressionNode): Comparison | null {
  if (node.type !== 'binary' || (node.value !== '=' && node.value !== 'in')) return null;
  const right = node['rhs'] as ExpressionNode;
  const isList = right.type === 'unary' && right.value === '[' && Object.keys(right).length === PLAIN_LIST;
  const literals = (isList && node.value === 'in' ? right['expressions'] as ExpressionNode[] : [right]).map(literalOf);
  const name = plainName(node['lhs'] as ExpressionNode);
  if (name === null || literals.includes(null)) return null;
  return { name, values: literals.flatMap((literal) => literal?.value ?? null) };
}

/** The value, if the expression is a literal alone; else null. */
export function literalOf(node: ExpressionNode): { readonly value: Scalar | null } | null {
  const bare = ['string', 'number', 'value'].includes(node.type) && Object.keys(node).length === PLAIN_TOKEN;
  return bare ? { value: node.value as Scalar | null } : null;
}

/** The name, if the expression is a name alone; else null. */
export function plainName(node: ExpressionNode): string | null {
  const [first, ...more] = (node['steps'] ?? []) as ExpressionNode[];
  const alone = node.type === 'path' && first?.type === 'name' && more.length === 0 && Object.keys(node).length === 2 && Object.keys(first).length === PLAIN_TOKEN;
  return alone ? String(first.value) : null;
}

function isRuledOut(comparisons: readonly Comparison[], view: Readonly<Record<string, unknown>>): boolean {
  for (const { name, values } of comparisons) {
    const found = Object.hasOwn(view, name) ? view[name] : undefined;
    // Lists and objects are jsonata's to compare.
    if (typeof found === 'object' && found !== null) return false;
    if (found === undefined || !values.includes(found as Scalar | null)) return true;
  }
  return false;
}
