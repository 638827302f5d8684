/** The known word that somebody most likely meant: two letters away, or a third of its letters if it is long. Returns
 * undefined when none is near. */
export function closestWord(written: string, known: Iterable<string>): string | undefined {
  let best: { word: string; distance: number } | undefined;
  for (const word of known) {
    const distance = editDistance(written.toLowerCase(), word.toLowerCase());
    if (distance <= tolerance(word) && distance < written.length && (best === undefined || distance < best.distance)) best = { word, distance };
  }
  return best?.word;
}

function tolerance(word: string): number {
  return word.length < 4 ? 1 : Math.max(2, Math.floor(word.length / 3));
}

/** `expected one of a, b, c; did you mean b?`, with at most a dozen names. */
export function expectedOneOf(written: unknown, known: readonly string[]): string {
  const shown = known.length === 0 ? 'nothing (none is declared)' : `one of ${known.slice(0, 12).join(', ')}${known.length > 12 ? ', …' : ''}`;
  const meant = typeof written === 'string' ? closestWord(written, known) : undefined;
  return `expected ${shown}${meant === undefined ? '' : `; did you mean ${meant}?`}`;
}

/** Insertions, deletions and substitutions that lead from one word to the other. */
function editDistance(one: string, other: string): number {
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const [above = 0, left = 0, before = 0] = [last[column], current[column - 1], last[column - 1]];
      current.push(Math.min(above + 1, left + 1, before + (one[row - 1] === other[column - 1] ? 0 : 1)));
    }
    last = current;
  }
  return last.at(-1) ?? 0;
}
