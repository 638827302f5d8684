import { RelaisError } from '../errors.js';
import type { TextField, TextQuery } from '../history/store.js';
import { fold } from './item-text.js';
import { PARTS_OF } from './text-index.js';
import type { TextMatch, TextPart, WordFinder } from './text-index.js';

/** More words than this behind one pattern are refused: the answer would be slow and of no use. */
const PATTERN_WORDS = 500;
/** Each pattern with a wildcard inside reads a part of the vocabulary. */
const PATTERNS = 8;
/** What an index takes for a part of a word. */
const WORD_CHARACTERS = '\\p{L}\\p{N}\\p{M}\\p{Co}';
const HAS_WORD = new RegExp(`[${WORD_CHARACTERS}]`, 'u');
const PATTERN_PARTS = new RegExp(`[${WORD_CHARACTERS}*?]+`, 'gu');

interface Scope {
  readonly parts: readonly TextPart[];
  readonly findWords: WordFinder;
}

/** Prepares full-text criteria, all of which must hold, for an index; null if they hold no word at all. Throws
 * RELAIS_WS4PM_QUERY for a pattern without a beginning or with too many words. */
export async function matchText(criteria: readonly { readonly field: TextField; readonly query: TextQuery }[], findWords: WordFinder): Promise<TextMatch | null> {
  const matches: TextMatch[] = [];
  let asked = 0;
  const bounded: WordFinder = (prefix, pattern, limit) => {
    asked += 1;
    if (asked > PATTERNS) throw new RelaisError('RELAIS_WS4PM_QUERY', `found more than ${PATTERNS} words with * or ? inside, expected fewer`);
    return findWords(prefix, pattern, limit);
  };
  for (const { field, query } of criteria) {
    const parts = PARTS_OF[field];
    // a criterion without a word finds nothing, whatever stands beside it
    matches.push(await resolve(query, { parts, findWords: bounded }) ?? { type: 'words', parts, words: [] });
  }
  return joined('and', matches);
}

/** Null for what holds no word at all (`---`): it neither finds nor excludes anything beside other words. */
async function resolve(query: TextQuery, scope: Scope): Promise<TextMatch | null> {
  switch (query.type) {
    case 'word': return phrase(query.text, scope);
    case 'phrase': return phrase(query.words.join(' '), scope);
    case 'pattern': return resolvePattern(query.pattern, scope);
    case 'not': {
      const operand = await resolve(query.operand, scope);
      return operand === null ? null : { type: 'not', operand };
    }
    case 'and':
    case 'or': {
      const operands: TextMatch[] = [];
      for (const operand of query.operands) {
        const match = await resolve(operand, scope);
        if (match !== null) operands.push(match);
      }
      return joined(query.type, operands);
    }
  }
}

function joined(type: 'and' | 'or', operands: readonly TextMatch[]): TextMatch | null {
  if (operands.length <= 1) return operands[0] ?? null;
  return { type, operands };
}

function phrase(text: string, { parts }: Scope): TextMatch | null {
  return HAS_WORD.test(text) ? { type: 'phrase', parts, text: fold(text) } : null;
}

async function resolvePattern(pattern: string, scope: Scope): Promise<TextMatch | null> {
  const matches: TextMatch[] = [];
  for (const [part] of fold(pattern).matchAll(PATTERN_PARTS)) {
    const match = await resolvePart(part, pattern, scope);
    if (match !== null) matches.push(match);
  }
  return joined('and', matches);
}

async function resolvePart(part: string, pattern: string, scope: Scope): Promise<TextMatch | null> {
  const firstWildcard = part.search(/[*?]/);
  if (firstWildcard < 0) return phrase(part, scope);
  if (firstWildcard === 0) throw new RelaisError('RELAIS_WS4PM_QUERY', `the pattern "${pattern}" begins with a wildcard; at least one letter is expected before it`);
  if (/^[^*?]+\*+$/.test(part)) return { type: 'prefix', parts: scope.parts, beginning: part.slice(0, firstWildcard) };
  const glob = part.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const words = await scope.findWords(glob.slice(0, glob.search(/[*?]/)), glob, PATTERN_WORDS + 1);
  if (words.length > PATTERN_WORDS) throw new RelaisError('RELAIS_WS4PM_QUERY', `the pattern "${pattern}" stands for more than ${PATTERN_WORDS} words; a longer beginning is expected`);
  return { type: 'words', parts: scope.parts, words };
}
