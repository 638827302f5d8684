import type { ExpressionNode } from './expression.js';
import { JSONATA_FUNCTIONS } from './jsonata-functions.js';

/** A name that an expression looks up in the view itself, or a variable or function that nothing defines. */
export interface Reference {
  readonly kind: 'name' | 'variable';
  /** `['results', 'sign']` for `results.sign^(x)`: as far as only names follow each other. */
  readonly path: readonly string[];
  /** Characters from the start of the expression. */
  readonly offset: number;
}

/** Members of a node whose expressions look at each value that was found, not at the view: filters, sorting, grouping. */
const INNER = new Set(['stages', 'predicate', 'terms', 'group']);

/** What an expression refers to. Names below a list, a filter or the answer of a function are left out: what they are
 * looked up in is not known without an item. */
export function referencesOf(tree: ExpressionNode, text: string): Reference[] {
  const references: Reference[] = [];
  const defined = new Set<unknown>(['', '$', ...JSONATA_FUNCTIONS]);
  visit(tree, true);
  return references.filter(({ kind, path }) => kind === 'name' || !defined.has(path[0]));

  function visit(part: unknown, atTop: boolean): void {
    if (typeof part !== 'object' || part === null) return;
    const node = part as ExpressionNode;
    define(node);
    if (node.type === 'path') { visitPath(node, atTop); return; }
    if (node.type === 'variable') refer('variable', [node]);
    visitMembers(node, atTop);
  }

  function visitPath(path: ExpressionNode, atTop: boolean): void {
    const steps = path['steps'] as readonly ExpressionNode[];
    const [first] = steps;
    // `$$` is the view, and so is `$` outside of filters and the like.
    const viewed = first?.type === 'variable' && (first.value === '$' || (first.value === '' && atTop));
    if (viewed) refer('name', namesAt(steps.slice(1)));
    else if (atTop) refer('name', namesAt(steps));
    for (const [index, step] of steps.entries()) visit(step, atTop && index === 0);
    visitMembers({ ...path, steps: [] }, atTop);
  }

  function visitMembers(node: ExpressionNode, atTop: boolean): void {
    // A transformation looks its names up in what it is applied to.
    for (const [member, part] of Object.entries(node)) visit(part, atTop && !INNER.has(member) && node.type !== 'transform');
  }

  function refer(kind: Reference['kind'], nodes: readonly ExpressionNode[]): void {
    const [first] = nodes;
    if (first !== undefined) references.push({ kind, path: nodes.map(({ value }) => String(value)), offset: startOf(first, text) });
  }

  /** Arguments of functions, `$x := …`, `@$x` and `#$x`. */
  function define(node: ExpressionNode): void {
    if (node.type === 'lambda') for (const { value } of node['arguments'] as readonly ExpressionNode[]) defined.add(value);
    if (node.type === 'bind') defined.add((node['lhs'] as ExpressionNode).value);
    defined.add(node['focus']).add(node['index']);
  }
}

/** The names with which a path begins. */
function namesAt(steps: readonly ExpressionNode[]): readonly ExpressionNode[] {
  const end = steps.findIndex(({ type }) => type !== 'name');
  return end === -1 ? steps : steps.slice(0, end);
}

/** jsonata gives the end of a token: `$name` counts its sign, a name in backticks both of them. */
function startOf(node: ExpressionNode, text: string): number {
  const end = node.position ?? 0;
  const marks = node.type === 'variable' ? 1 : text[end - 1] === '`' ? 2 : 0;
  return Math.max(0, end - String(node.value).length - marks);
}
