import { stepName, type Words } from './words.js';

/** A reason as one reads it, line by line: what the engine itself gives, or a system that decides, is told in the language of the story, what
 * other connectors give stands as it is. */
export function reasonInWords(reason: string | null, words: Words): string[] {
  if (reason === null) return [];
  for (const [pattern, told] of words.engineReasons) {
    const found = pattern.exec(reason);
    if (found !== null) return [told.replace('$1', () => stepName(words, found[1] ?? ''))];
  }
  return reason.split(/\s*\n\s*/);
}
