import { RelaisError } from '../errors.js';
import type { TextField, TextQuery } from '../history/store.js';
import { fold } from './item-text.js';

/** Looks up the indexed terms that begin with `prefix` and match the glob `pattern` (`*`, `?`), at most `limit`. */
export type TermFinder = (prefix: string, pattern: string, limit: number) => Promise<readonly string[]>;

/** A set of items: those that the FTS5 expression `match` finds, or, if `complement`, all others. */
export interface TextMatch {
  readonly match: string;
  readonly complement: boolean;
}

/** More words than this behind one pattern are refused: the answer would be slow and of no use. */
const PATTERN_TERMS = 500;
/** Each pattern with a wildcard inside reads a part of the vocabulary. */
const PATTERNS = 8;
const COLUMNS: Readonly<Record<TextField, string>> = {
  title: '{title}', description: '{description}', decision: '{decision}', allButDecision: '{title description rest}',
  everything: '{title description decision rest}',
};
/** What the tokenizer takes for a part of a word. */
const WORD_CHARACTERS = '\\p{L}\\p{N}\\p{M}\\p{Co}';
const HAS_WORD = new RegExp(`[${WORD_CHARACTERS}]`, 'u');
const PATTERN_PARTS = new RegExp(`[${WORD_CHARACTERS}*?]+`, 'gu');
/** Finds nothing: a word of one private character that nobody writes. */
const NOTHING: TextMatch = { match: '"\u{10FFFD}"', complement: false };

/** Compiles full-text criteria, all of which must hold, to FTS5. Words are always quoted, so nothing that a caller
 * types is read as an operator of FTS5. Throws RELAIS_WS4PM_QUERY for a pattern without a beginning or with too many words. */
export async function compileText(criteria: readonly { readonly field: TextField; readonly query: TextQuery }[], findTerms: TermFinder): Promise<TextMatch> {
  const matches: TextMatch[] = [];
  let asked = 0;
  const terms: TermFinder = (prefix, pattern, limit) => {
    asked += 1;
    if (asked > PATTERNS) throw new RelaisError('RELAIS_WS4PM_QUERY', `found more than ${PATTERNS} words with * or ? inside, expected fewer`);
    return findTerms(prefix, pattern, limit);
  };
  for (const { field, query } of criteria) {
    const compiled = await compile(query, terms);
    matches.push(compiled === null ? NOTHING : { match: `${COLUMNS[field]} : (${compiled.match})`, complement: compiled.complement });
  }
  return conjunction(matches) ?? NOTHING;
}

/** Null for what holds no word at all (`---`): it neither finds nor excludes anything beside other words. */
async function compile(query: TextQuery, terms: TermFinder): Promise<TextMatch | null> {
  switch (query.type) {
    case 'word': return phrase(query.text);
    case 'phrase': return phrase(query.words.join(' '));
    case 'pattern': return compilePattern(query.pattern, terms);
    case 'not': {
      const operand = await compile(query.operand, terms);
      return operand === null ? null : { ...operand, complement: !operand.complement };
    }
    case 'and': return conjunction(await compileAll(query.operands, terms));
    case 'or': return disjunction(await compileAll(query.operands, terms));
  }
}

async function compileAll(operands: readonly TextQuery[], terms: TermFinder): Promise<TextMatch[]> {
  const compiled: TextMatch[] = [];
  for (const operand of operands) {
    const match = await compile(operand, terms);
    if (match !== null) compiled.push(match);
  }
  return compiled;
}

/** FTS5 knows only "a NOT b", so sets and complements are kept apart: a ∩ b ∩ ¬c ∩ ¬d = (a AND b) NOT (c OR d). */
function conjunction(operands: readonly TextMatch[]): TextMatch | null {
  const [found, excluded] = split(operands);
  if (found === null) return excluded === null ? null : { match: joined(excluded, 'OR'), complement: true };
  return { match: without(joined(found, 'AND'), excluded === null ? null : joined(excluded, 'OR')), complement: false };
}

/** a ∪ b ∪ ¬c ∪ ¬d = ¬((c ∩ d) \ (a ∪ b)). */
function disjunction(operands: readonly TextMatch[]): TextMatch | null {
  const [found, excluded] = split(operands);
  if (excluded === null) return found === null ? null : { match: joined(found, 'OR'), complement: false };
  return { match: without(joined(excluded, 'AND'), found === null ? null : joined(found, 'OR')), complement: true };
}

function split(operands: readonly TextMatch[]): [found: readonly string[] | null, excluded: readonly string[] | null] {
  const found = operands.filter(({ complement }) => !complement).map(({ match }) => match);
  const excluded = operands.filter(({ complement }) => complement).map(({ match }) => match);
  return [found.length > 0 ? found : null, excluded.length > 0 ? excluded : null];
}

function joined(matches: readonly string[], operator: 'AND' | 'OR'): string {
  return matches.length === 1 ? matches[0] ?? '' : `(${matches.map((match) => `(${match})`).join(` ${operator} `)})`;
}

function without(match: string, excluded: string | null): string {
  return excluded === null ? match : `((${match}) NOT (${excluded}))`;
}

function phrase(text: string): TextMatch | null {
  return HAS_WORD.test(text) ? { match: quoted(text), complement: false } : null;
}

function quoted(text: string): string {
  // NUL ends a string for SQLite; it is never part of a word
  return `"${fold(text).replaceAll('\0', ' ').replaceAll('"', '""')}"`;
}

async function compilePattern(pattern: string, terms: TermFinder): Promise<TextMatch | null> {
  const parts: TextMatch[] = [];
  for (const [part] of fold(pattern).matchAll(PATTERN_PARTS)) {
    const compiled = await compilePatternPart(part, pattern, terms);
    if (compiled !== null) parts.push(compiled);
  }
  return conjunction(parts);
}

async function compilePatternPart(part: string, pattern: string, terms: TermFinder): Promise<TextMatch | null> {
  const firstWildcard = part.search(/[*?]/);
  if (firstWildcard < 0) return phrase(part);
  if (firstWildcard === 0) throw new RelaisError('RELAIS_WS4PM_QUERY', `the pattern "${pattern}" begins with a wildcard; at least one letter is expected before it`);
  if (/^[^*?]+\*+$/.test(part)) return { match: `${quoted(part.slice(0, firstWildcard))} *`, complement: false };
  const glob = part.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const found = await terms(glob.slice(0, glob.search(/[*?]/)), glob, PATTERN_TERMS + 1);
  if (found.length > PATTERN_TERMS) throw new RelaisError('RELAIS_WS4PM_QUERY', `the pattern "${pattern}" stands for more than ${PATTERN_TERMS} words; a longer beginning is expected`);
  return found.length === 0 ? NOTHING : { match: joined(found.map(quoted), 'OR'), complement: false };
}
