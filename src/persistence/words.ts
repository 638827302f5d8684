import { fold } from './item-text.js';

const WORDS = /[\p{L}\p{N}\p{Co}]+/gu;
/** Longer words are cut, in texts and in what is searched for: PostgreSQL's index takes 2046 bytes of a word. */
const WORD_CHARACTERS = 400;

/** The words of a text the way SQLite's tokenizer sees them (unicode61, remove_diacritics 2): letters and digits, without
 * case, accents and ligatures. */
export function wordsOf(text: string): string[] {
  const plain = fold(text).normalize('NFD').toLowerCase().replace(/\p{M}/gu, '');
  return Array.from(plain.matchAll(WORDS), ([word]) => shortened(word));
}

/** A word, or the beginning of one, as the index has it. */
export function shortened(word: string): string {
  return word.length <= WORD_CHARACTERS ? word : word.slice(0, WORD_CHARACTERS);
}
