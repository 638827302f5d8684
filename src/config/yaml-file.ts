import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, Scalar, visit, type Document, type Node, type Pair } from 'yaml';
import type { Problem } from './problem.js';

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
  const problems = writingMistakes(document).map(({ offset, message }) => at(offset, [], lowerFirst(message)));
  const problemAt = (path: Path, message: string, spot: Spot = 'value'): Problem => at(offsetOf(document, text, path, spot), path, message);
  let value: unknown;
  if (problems.length === 0) {
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      problems.push(at(0, [], error instanceof Error ? lowerFirst(error.message) : 'the aliases cannot be resolved'));
    }
  }
  return { file, value, problems, problemAt };
}

/** One broken line makes the parser stumble over all that follow: of what is not independent, the first is told. */
function writingMistakes(document: Document.Parsed): { readonly offset: number; readonly message: string }[] {
  const found = [...document.errors, ...document.warnings];
  const first = found.find(({ code }) => code !== 'DUPLICATE_KEY');
  const mistakes = found.filter((error) => error.code === 'DUPLICATE_KEY' || error === first).map((error) => ({
    // An open quote runs to the end of the file; what helps is where it opens.
    offset: /closing .*quote/.test(error.message) ? openQuote(document) ?? error.pos[0] : error.pos[0],
    message: error.message,
  }));
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) mistakes.push({ offset: startOf(alias), message: `found *${alias.source}, expected an anchor &${alias.source} before it` });
    },
  });
  return mistakes;
}

function openQuote(document: Document): number | undefined {
  let last: number | undefined;
  visit(document, { Scalar: (_key, scalar) => { if (scalar.type?.startsWith('QUOTE') === true) last = startOf(scalar); } });
  return last;
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

function lowerFirst(message: string): string {
  return message.slice(0, 1).toLowerCase() + message.slice(1);
}
