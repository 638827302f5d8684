/** True where one of the patterns is the whole text, whatever its case: `*` stands for any run of characters, `?` for one. Takes time that grows
 * with text times pattern at most, whoever wrote either. */
export function matchesAny(patterns: readonly string[], text: string): boolean {
  const lower = text.toLowerCase();
  return patterns.some((pattern) => matches(pattern.toLowerCase(), lower));
}

function matches(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  /** The last star, and where what follows it was tried. */
  let star = -1;
  let tried = 0;
  while (position < text.length) {
    if (pattern[at] === '*') {
      star = at;
      tried = position;
      at += 1;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[position])) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      tried += 1;
      position = tried;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
