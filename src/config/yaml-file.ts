import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, type Document, type Node, type Pair } from 'yaml';
import type { Problem } from './problem.js';
import { writingMistakes } from './writing-mistakes.js';

export type Path = readonly (string | number)[];

/** Which place of an entry is meant: its value, its key, or a character inside its text. */
export type Spot = 'value' | 'key' | { readonly offset: number };

/** One YAML file, read: plain data, and the place of everything in it. */
export interface YamlFile {
  readonly file: string;
  /** Undefined when the text is not YAML. */
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** A problem at the place of an entry, or of the nearest entry around it that exists. */
  problemAt(path: Path, message: string, spot?: Spot): Problem;
}

/** Reads YAML 1.2. Writing mistakes, unknown tags, keys given twice and runaway aliases are problems. */
export function readYaml(file: string, text: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const at = (offset: number, path: Path, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col), path: formatPath(path), message };
  };
  const problems = writingMistakes(document).map(({ offset, message }) => at(offset, [], message));
  const problemAt = (path: Path, message: string, spot: Spot = 'value'): Problem => at(offsetOf(document, text, path, spot), path, message);
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch {
      problems.push(at(0, [], 'found aliases that would make the file grow without end, expected fewer of them'));
    }
  }
  return { file, value, problems, problemAt };
}

/** `authority.users[2].email` */
export function formatPath(path: Path): string {
  return path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('').replace(/^\./, '');
}

function offsetOf(document: Document, text: string, path: Path, spot: Spot): number {
  let node = resolve(document, document.contents);
  let pair: Pair | undefined;
  for (const part of path) {
    const child = childOf(node, part);
    if (child === undefined) return startOf(node);
    pair = child.pair;
    node = resolve(document, child.node) ?? child.pair?.key as Node | null;
  }
  if (spot === 'key' && pair !== undefined) return startOf(pair.key as Node | null);
  return typeof spot === 'object' && isScalar(node) ? offsetInScalar(node, text, spot.offset) : startOf(node);
}

function childOf(node: Node | null, part: string | number): { node: Node | null; pair?: Pair } | undefined {
  if (isSeq(node) && typeof part === 'number') {
    const item = node.items[part];
    return item === undefined ? undefined : { node: item as Node | null };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(part));
  return pair === undefined ? undefined : { node: pair.value as Node | null, pair };
}

function resolve(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? node.resolve(document) ?? null : node;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

/** A character of the value, in the text of the file. Exact for plain, quoted (without escapes) and literal texts; a
 * folded one gives its start. */
function offsetInScalar(node: Scalar, text: string, offset: number): number {
  const start = startOf(node);
  if (node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE) return start + 1 + offset;
  if (node.type === Scalar.PLAIN) return start + offset;
  if (node.type !== Scalar.BLOCK_LITERAL || typeof node.value !== 'string') return start;
  const before = node.value.slice(0, offset).split('\n');
  const block = text.slice(text.indexOf('\n', start) + 1).split('\n');
  const indent = (block.find((line) => line.trim() !== '') ?? '').search(/\S/);
  const skipped = block.slice(0, before.length - 1).reduce((length, line) => length + line.length + 1, 0);
  return text.indexOf('\n', start) + 1 + skipped + Math.max(0, indent) + (before.at(-1) ?? '').length;
}
