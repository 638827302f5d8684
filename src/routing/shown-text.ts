const SHOWN = 60;

/** Made when first needed: it loads the rules of the Unicode segments. */
let segmenter: Intl.Segmenter | undefined;

/** A JSON value in a message: `«rue Haute»`, shortened. */
export function shown(value: string | number | boolean | null): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `«${characters(text) > SHOWN ? `${cutText(text, SHOWN)}…` : text}»`;
}

/** How many code points a text has. */
export function characters(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at += widthAt(text, at)) count += 1;
  return count;
}

/** The longest beginning of `text` of at most `most` code points that ends between two characters as people see them: no
 * accent, flag or family of emoji is taken apart. One that alone is longer than `most` is. */
export function cutText(text: string, most: number): string {
  let end = 0;
  for (let count = 0; count < most && end < text.length; count += 1) end += widthAt(text, end);
  if (end === text.length) return text;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // What comes after may belong to the last character; characters longer than this are no longer ones.
  const boundary = segmenter.segment(text.slice(0, end + SHOWN)).containing(end)?.index ?? end;
  return text.slice(0, boundary === 0 ? end : boundary);
}

function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xFFFF ? 2 : 1;
}
