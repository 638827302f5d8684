import type { Words } from './words.js';

/** A reason as one reads it, line by line: what the engine itself gives is told in the language of the story, what a connector gives stands as it is. */
export function reasonInWords(reason: string | null, { engineReasons }: Words): string[] {
  if (reason === null) return [];
  for (const [pattern, told] of engineReasons) if (pattern.test(reason)) return [reason.replace(pattern, told)];
  return reason.split(/\s*\n\s*/);
}
