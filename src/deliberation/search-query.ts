import type { TextQuery } from '../history/store.js';
import { RelaisError } from '../errors.js';

/** Bounds that keep an expression cheap for every store; far beyond what people type. */
const MAX_CHARACTERS = 4000;
const MAX_WORDS = 200;
const MAX_DEPTH = 20;

type Token =
  | { readonly type: '(' | ')' | 'AND' | 'OR' | 'NOT'; readonly at: number }
  | { readonly type: 'text' | 'quoted'; readonly at: number; readonly text: string };

/** A place in the tokens, and what errors say about where they are. */
interface Reading {
  readonly field: string;
  readonly source: string;
  readonly tokens: readonly Token[];
  next: number;
}

/** Reads a full-text expression (contracts/ws4pm.md §3.8): words are all required; `AND`, `OR`, `NOT` in capitals,
 * parentheses, `"a phrase"`, and `*` or `?` after the first character of a word. What holds no letter and no digit is
 * passed over, and a word that punctuation cuts is a phrase. Throws RELAIS_WS4PM_QUERY, and nothing else, for what cannot
 * be read, for `NOT` without anything to take from, and for an expression without any word. */
export function parseSearchQuery(field: string, source: string): TextQuery {
  requireBounded(field, source);
  const reading: Reading = { field, source, tokens: tokenize(field, source), next: 0 };
  const query = readAny(reading, 0);
  const rest = reading.tokens[reading.next];
  if (rest !== undefined) throw wrong(reading, rest.at, 'the end or a word, because no parenthesis is open');
  if (query === undefined) throw wrong(reading, 0, 'at least one word of letters or digits');
  return query;
}

function requireBounded(field: string, source: string): void {
  if (source.length > MAX_CHARACTERS) throw wrong({ field, source }, MAX_CHARACTERS, `at most ${MAX_CHARACTERS} characters`);
  const count = words(source).length;
  if (count > MAX_WORDS) throw new RelaisError('RELAIS_WS4PM_QUERY', `${field}: found ${count} words, expected at most ${MAX_WORDS}.`);
}

function tokenize(field: string, source: string): Token[] {
  const tokens: Token[] = [];
  for (const match of source.matchAll(/[()]|"([^"]*)("?)|[^\s()"]+/g)) {
    const [found, quoted, closing] = match;
    if (closing === '') throw wrong({ field, source }, match.index, 'a closing quotation mark after it');
    if (found === '(' || found === ')' || found === 'AND' || found === 'OR' || found === 'NOT') tokens.push({ type: found, at: match.index });
    else if (quoted === undefined) tokens.push({ type: 'text', at: match.index, text: found });
    else tokens.push({ type: 'quoted', at: match.index, text: quoted });
  }
  return tokens;
}

/** Undefined: nothing in it holds a word. */
function readAny(reading: Reading, depth: number): TextQuery | undefined {
  const operands = [readAll(reading, depth)];
  while (accept(reading, 'OR')) operands.push(readAll(reading, depth));
  return combine('or', operands);
}

function readAll(reading: Reading, depth: number): TextQuery | undefined {
  const wanted: (TextQuery | undefined)[] = [];
  const unwanted: TextQuery[] = [];
  const start = reading.tokens[reading.next]?.at ?? reading.source.length;
  do {
    const negated = accept(reading, 'NOT');
    const term = readTerm(reading, depth);
    if (!negated) wanted.push(term);
    else if (term !== undefined) unwanted.push({ type: 'not', operand: term });
  } while (accept(reading, 'AND') || startsTerm(reading));
  const positive = combine('and', wanted);
  if (unwanted.length === 0) return positive;
  if (positive === undefined) throw wrong(reading, start, 'a word that must be there beside what NOT excludes');
  return combine('and', [...(positive.type === 'and' ? positive.operands : [positive]), ...unwanted]);
}

function readTerm(reading: Reading, depth: number): TextQuery | undefined {
  const token = reading.tokens[reading.next];
  if (token === undefined) throw wrong(reading, reading.source.length, 'a word, a phrase or an opening parenthesis');
  if (token.type === 'text' || token.type === 'quoted') {
    reading.next += 1;
    return token.type === 'quoted' ? phrase(words(token.text)) : readWord(reading, token);
  }
  if (token.type !== '(') throw wrong(reading, token.at, 'a word, a phrase or an opening parenthesis');
  if (depth === MAX_DEPTH) throw wrong(reading, token.at, `at most ${MAX_DEPTH} parentheses in each other`);
  reading.next += 1;
  const inner = readAny(reading, depth + 1);
  if (!accept(reading, ')')) throw wrong(reading, token.at, 'a closing parenthesis after it');
  return inner;
}

function readWord(reading: Reading, token: Token & { text: string }): TextQuery | undefined {
  if (!/[*?]/.test(token.text)) return phrase(words(token.text));
  const parts = (token.text.match(/[\p{L}\p{N}\p{M}\p{Co}*?]+/gu) ?? []).filter((part) => /[^*?]/.test(part));
  if (parts.some((part) => /^[*?]/.test(part))) throw wrong(reading, token.at, 'a letter or a digit before * or ?');
  return combine('and', parts.map((part) => (/[*?]/.test(part) ? { type: 'pattern', pattern: part } : { type: 'word', text: part })));
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu) ?? [];
}

function phrase(found: readonly string[]): TextQuery | undefined {
  const [first] = found;
  if (first === undefined) return undefined;
  return found.length === 1 ? { type: 'word', text: first } : { type: 'phrase', words: found };
}

function combine(type: 'and' | 'or', operands: readonly (TextQuery | undefined)[]): TextQuery | undefined {
  const present = operands.filter((operand) => operand !== undefined);
  return present.length > 1 ? { type, operands: present } : present[0];
}

function accept(reading: Reading, type: Token['type']): boolean {
  if (reading.tokens[reading.next]?.type !== type) return false;
  reading.next += 1;
  return true;
}

function startsTerm(reading: Reading): boolean {
  const type = reading.tokens[reading.next]?.type;
  return type === 'text' || type === 'quoted' || type === '(' || type === 'NOT';
}

function wrong({ field, source }: Pick<Reading, 'field' | 'source'>, at: number, expected: string): RelaisError {
  const found = at < source.length ? source.slice(at, at + 40) : 'the end';
  return new RelaisError('RELAIS_WS4PM_QUERY', `${field}: found ${found} at character ${at + 1}, expected ${expected}.`);
}
