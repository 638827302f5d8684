import type { EntityManager } from 'typeorm';
import type { TextField } from '../history/store.js';
import type { SqlCondition } from './sql-condition.js';

/** The parts of an item in which one can search, without markup. */
export const TEXT_PARTS = ['title', 'description', 'decision', 'rest'] as const;
export type TextPart = (typeof TEXT_PARTS)[number];
export type ItemText = Readonly<Record<TextPart, string>> & {
  readonly seq: number;
  readonly authority: string;
  /** True: it may be in the index already, and takes the place of what is there. */
  readonly isKnown?: true;
};

/** Which parts a field of a query stands for. */
export const PARTS_OF: Readonly<Record<TextField, readonly TextPart[]>> = {
  title: ['title'], description: ['description'], decision: ['decision'], allButDecision: ['title', 'description', 'rest'], everything: TEXT_PARTS,
};

/** A full-text condition whose words are folded and whose patterns are looked up. */
export type TextMatch =
  /** Words one after the other in one part; a single word is the usual case. */
  | { readonly type: 'phrase'; readonly parts: readonly TextPart[]; readonly text: string }
  | { readonly type: 'prefix'; readonly parts: readonly TextPart[]; readonly beginning: string }
  /** Any of these words; none at all finds nothing. */
  | { readonly type: 'words'; readonly parts: readonly TextPart[]; readonly words: readonly string[] }
  | { readonly type: 'and' | 'or'; readonly operands: readonly TextMatch[] }
  | { readonly type: 'not'; readonly operand: TextMatch };

/** Looks up the indexed words that begin with `prefix` and match the glob `pattern` (`*`, `?`), at most `limit`. Throws
 * RELAIS_WS4PM_QUERY if too many begin like that. */
export type WordFinder = (prefix: string, pattern: string, limit: number) => Promise<readonly string[]>;

/** The full-text index of a database. Both find the same. */
export interface TextIndex {
  /** Adds the words of new and changed items, each once, inside the transaction that adds or changes them. */
  add(manager: EntityManager, texts: readonly ItemText[]): Promise<void>;
  /** Forgets the words of an item, inside the caller's transaction; what asks for their absence finds it from then on. */
  remove(manager: EntityManager, seq: number): Promise<void>;
  wordFinder(manager: EntityManager): WordFinder;
  /** `FROM … WHERE …` over `item i`: what meets `rest` and the text. `few`: the rest leaves only some items. */
  filter(search: { readonly authority: string; readonly text: TextMatch; readonly rest: SqlCondition; readonly few: boolean }): SqlCondition;
}

/** More words than this with the same beginning are not looked through for one pattern. */
export const VOCABULARY = 100_000;
