import type { EntityManager } from 'typeorm';
import { RelaisError } from '../errors.js';
import { fold } from './item-text.js';
import type { TextIndex, TextMatch, TextPart, WordFinder } from './text-index.js';
import { VOCABULARY } from './text-index.js';

const INSERT = 'INSERT INTO item_text (rowid, authority, title, description, decision, rest) VALUES (?, ?, ?, ?, ?, ?)';
const DELETE = 'DELETE FROM item_text WHERE rowid = ?';
const WORDS = 'SELECT term FROM item_term WHERE term >= ? AND term < ? AND term GLOB ? LIMIT ?';
const TOO_MANY_WORDS = `SELECT 1 FROM item_term WHERE term >= ? AND term < ? LIMIT 1 OFFSET ${VOCABULARY}`;

/** Finds nothing: a word of one private character that nobody writes. */
const NOTHING = '"\u{10FFFD}"';

/** A set of items: those that the FTS5 expression `match` finds, or, if `complement`, all others. */
interface Fts5Match {
  readonly match: string;
  readonly complement: boolean;
}

/** SQLite's own full-text index; its tokenizer folds case and accents. */
export const FTS5_INDEX: TextIndex = {
  async add(manager, texts) {
    for (const { seq, authority, title, description, decision, rest, isKnown = false } of texts) {
      if (isKnown) await manager.query(DELETE, [seq]);
      await manager.query(INSERT, [seq, authority, fold(title), fold(description), fold(decision), fold(rest)]);
    }
  },
  async remove(manager, seq) { await manager.query(DELETE, [seq]); },
  wordFinder,
  filter({ authority, text, rest, few }) {
    const { match, complement } = compile(text);
    const expression = `authority : "${authority.replaceAll('"', '""')}" AND (${match})`;
    if (few) {
      // each of the few is looked up in the full-text index
      const found = 'EXISTS (SELECT 1 FROM item_text WHERE item_text MATCH ? AND item_text.rowid = i.seq)';
      return { sql: `FROM item i WHERE ${rest.sql} AND ${complement ? 'NOT ' : ''}${found}`, values: [...rest.values, expression] };
    }
    if (complement) return { sql: `FROM item i WHERE ${rest.sql} AND i.seq NOT IN (SELECT rowid FROM item_text WHERE item_text MATCH ?)`, values: [...rest.values, expression] };
    // CROSS JOIN: the words come first, whatever the planner thinks of the other criteria
    return { sql: `FROM item_text t CROSS JOIN item i ON i.seq = t.rowid WHERE t.item_text MATCH ? AND ${rest.sql}`, values: [expression, ...rest.values] };
  },
};

function wordFinder(manager: EntityManager): WordFinder {
  return async (prefix, pattern, limit) => {
    const range = [prefix, `${prefix}\u{10FFFF}`];
    const tooMany: unknown[] = await manager.query(TOO_MANY_WORDS, range);
    if (tooMany.length > 0) throw tooManyBegin(prefix);
    const rows = await manager.query<{ term: string }[]>(WORDS, [...range, pattern, limit]);
    return rows.map(({ term }) => term);
  };
}

export function tooManyBegin(prefix: string): RelaisError {
  return new RelaisError('RELAIS_WS4PM_QUERY', `too many words begin with "${prefix}"; a longer beginning is expected before * or ?`);
}

/** Words are always quoted, so nothing that a caller types is read as an operator of FTS5. */
function compile(text: TextMatch): Fts5Match {
  switch (text.type) {
    case 'phrase': return { match: `${columns(text.parts)} : ${quoted(text.text)}`, complement: false };
    case 'prefix': return { match: `${columns(text.parts)} : ${quoted(text.beginning)} *`, complement: false };
    case 'words': return { match: text.words.length === 0 ? NOTHING : `${columns(text.parts)} : ${joined(text.words.map(quoted), 'OR')}`, complement: false };
    case 'not': {
      const operand = compile(text.operand);
      return { ...operand, complement: !operand.complement };
    }
    case 'and': return conjunction(text.operands.map(compile));
    case 'or': return disjunction(text.operands.map(compile));
  }
}

function columns(parts: readonly TextPart[]): string {
  return `{${parts.join(' ')}}`;
}

/** FTS5 knows only "a NOT b", so sets and complements are kept apart: a ∩ b ∩ ¬c ∩ ¬d = (a AND b) NOT (c OR d). */
function conjunction(operands: readonly Fts5Match[]): Fts5Match {
  const [found, excluded] = split(operands);
  if (found.length === 0) return { match: joined(excluded, 'OR'), complement: true };
  return { match: without(joined(found, 'AND'), joined(excluded, 'OR')), complement: false };
}

/** a ∪ b ∪ ¬c ∪ ¬d = ¬((c ∩ d) \ (a ∪ b)). */
function disjunction(operands: readonly Fts5Match[]): Fts5Match {
  const [found, excluded] = split(operands);
  if (excluded.length === 0) return { match: joined(found, 'OR'), complement: false };
  return { match: without(joined(excluded, 'AND'), joined(found, 'OR')), complement: true };
}

function split(operands: readonly Fts5Match[]): [found: readonly string[], excluded: readonly string[]] {
  const of = (complement: boolean): string[] => operands.filter((operand) => operand.complement === complement).map(({ match }) => match);
  return [of(false), of(true)];
}

function joined(matches: readonly string[], operator: 'AND' | 'OR'): string {
  return matches.length <= 1 ? matches[0] ?? '' : `(${matches.map((match) => `(${match})`).join(` ${operator} `)})`;
}

function without(match: string, excluded: string): string {
  return excluded === '' ? match : `((${match}) NOT (${excluded}))`;
}

function quoted(text: string): string {
  // NUL ends a string for SQLite; it is never part of a word
  return `"${text.replaceAll('\0', ' ').replaceAll('"', '""')}"`;
}
