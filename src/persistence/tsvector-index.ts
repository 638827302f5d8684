import type { EntityManager } from 'typeorm';
import { RecentMap } from '../platform/recent-map.js';
import { tooManyBegin } from './fts5-index.js';
import type { SqlCondition } from './sql-condition.js';
import { joinConditions } from './sql-condition.js';
import type { ItemText, TextIndex, TextMatch, TextPart, WordFinder } from './text-index.js';
import { TEXT_PARTS, VOCABULARY } from './text-index.js';
import { wordsOf } from './words.js';

/** One row an item: `words`, without positions, answers which items have a word in a part, from a GIN index; the texts of the
 * parts, folded to words between single spaces, answer whether a phrase stands in one of the few that are left. Positions in
 * a tsvector would do for phrases only up to 16,383 words and 256 occurrences of each. */
const INSERT = `INSERT INTO item_text (item_seq, words, title, description, decision, rest) VALUES (?, array_to_tsvector(CAST(? AS text[])), ?, ?, ?, ?)
  ON CONFLICT (item_seq) DO UPDATE SET words = excluded.words, title = excluded.title, description = excluded.description, decision = excluded.decision, rest = excluded.rest`;
/** The row stays, so that what asks for the absence of words finds it. */
const EMPTY = 'UPDATE item_text SET words = \'\', title = \'\', description = \'\', decision = \'\', rest = \'\' WHERE item_seq = ?';
const KNOWN = 'SELECT term FROM item_term WHERE term = ANY (CAST(? AS text[]))';
const LEARN = 'INSERT INTO item_term (term) SELECT unnest(CAST(? AS text[])) ON CONFLICT DO NOTHING';
const WORDS = 'SELECT term FROM item_term WHERE term >= ? AND term < ? AND term LIKE ? LIMIT ?';
const TOO_MANY_WORDS = `SELECT 1 FROM item_term WHERE term >= ? AND term < ? LIMIT 1 OFFSET ${VOCABULARY}`;

/** A word is indexed behind the letter of its part, an authority behind a sign that is no part of a word. */
const LETTERS: Readonly<Record<TextPart, string>> = { title: 't', description: 'd', decision: 'c', rest: 'r' };
const AUTHORITY = '@';
/** A tsvector takes less than 1 MiB; the words of an item beyond that are not found. No honest text has so many different
 * ones. */
const INDEXED_BYTES = 1_000_000;
/** Words that are known to be in the vocabulary, so that nothing is asked for the usual ones. */
const REMEMBERED = 50_000;

/** The full-text index on PostgreSQL: the words are folded here, as SQLite's tokenizer does it. */
export function createTsvectorIndex(): TextIndex {
  const known = new RecentMap<true>(REMEMBERED);
  return {
    async add(manager, texts) {
      const vocabulary = new Set<string>();
      for (const text of texts) await addOne(manager, text, vocabulary);
      await learn(manager, [...vocabulary].filter((word) => known.get(word) === undefined), known);
    },
    async remove(manager, seq) { await manager.query(EMPTY, [seq]); },
    wordFinder,
    filter: ({ authority, text, rest }) => {
      const conditions = [{ sql: 't.words @@ CAST(? AS tsquery)', values: [lexeme(AUTHORITY + authority)] }, compile(text), rest];
      const { sql, values } = joinConditions(conditions, 'AND');
      return { sql: `FROM item i JOIN item_text t ON t.item_seq = i.seq WHERE ${sql}`, values };
    },
  };
}

async function addOne(manager: EntityManager, text: ItemText, vocabulary: Set<string>): Promise<void> {
  const indexed = new Set([AUTHORITY + text.authority]);
  const folded: string[] = [];
  let bytes = 0;
  for (const part of TEXT_PARTS) {
    const words = wordsOf(text[part]);
    folded.push(` ${words.join(' ')} `);
    for (const word of words) {
      const entry = LETTERS[part] + word;
      if (indexed.has(entry)) continue;
      bytes += Buffer.byteLength(entry);
      if (bytes > INDEXED_BYTES) break;
      indexed.add(entry);
      vocabulary.add(word);
    }
  }
  await manager.query(INSERT, [text.seq, [...indexed], ...folded]);
}

/** Only what others committed is remembered: this transaction may be undone. Sorted, so that two processes that bring the same
 * new words wait for each other instead of blocking each other. */
async function learn(manager: EntityManager, words: readonly string[], known: RecentMap<true>): Promise<void> {
  if (words.length === 0) return;
  const found = new Set((await manager.query<{ term: string }[]>(KNOWN, [words])).map(({ term }) => term));
  for (const word of found) known.set(word, true);
  const unknown = words.filter((word) => !found.has(word)).toSorted();
  if (unknown.length > 0) await manager.query(LEARN, [unknown]);
}

function wordFinder(manager: EntityManager): WordFinder {
  return async (prefix, pattern, limit) => {
    const range = [prefix, `${prefix}\u{10FFFF}`];
    const tooMany: unknown[] = await manager.query(TOO_MANY_WORDS, range);
    if (tooMany.length > 0) throw tooManyBegin(prefix);
    const like = pattern.replaceAll('*', '%').replaceAll('?', '_');
    const rows = await manager.query<{ term: string }[]>(WORDS, [...range, like, limit]);
    return rows.map(({ term }) => term);
  };
}

function compile(text: TextMatch): SqlCondition {
  switch (text.type) {
    case 'phrase': return phrase(text.parts, wordsOf(text.text));
    case 'prefix': return anyOf(text.parts, wordsOf(text.beginning), ':*');
    case 'words': return anyOf(text.parts, text.words, '');
    case 'not': {
      const { sql, values } = compile(text.operand);
      return { sql: `NOT ${sql}`, values };
    }
    case 'and': return joinConditions(text.operands.map(compile), 'AND');
    case 'or': return joinConditions(text.operands.map(compile), 'OR');
  }
}

function phrase(parts: readonly TextPart[], words: readonly string[]): SqlCondition {
  if (words.length <= 1) return anyOf(parts, words, '');
  const text = ` ${words.join(' ')} `;
  return joinConditions([
    ...words.map((word) => anyOf(parts, [word], '')),
    joinConditions(parts.map((part) => ({ sql: `position(? in t.${part}) > 0`, values: [text] })), 'OR'),
  ], 'AND');
}

/** `suffix`: `:*` for words that only begin like that. */
function anyOf(parts: readonly TextPart[], words: readonly string[], suffix: '' | ':*'): SqlCondition {
  const query = parts.flatMap((part) => words.map((word) => lexeme(LETTERS[part] + word) + suffix)).join(' | ');
  return { sql: '(t.words @@ CAST(? AS tsquery))', values: [query] };
}

function lexeme(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll('\'', '\'\'')}'`;
}
