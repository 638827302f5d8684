/** Dictionaries of a PDF as text (ISO 32000-1 §7.3), one character a byte. */

const SPACE = /[\s\0]/;
const DELIMITER = /[\s\0()<>[\]{}/%]/;

interface Place { readonly start: number; readonly end: number }

/** The text of the value of a key; null where the dictionary has no such key. Throws SyntaxError. */
export function valueOf(dictionary: string, key: string): string | null {
  const place = placesOf(dictionary).get(key);
  return place === undefined ? null : dictionary.slice(place.start, place.end);
}

/** The dictionary with a key set to a value, whatever it was. */
export function withValue(dictionary: string, key: string, value: string): string {
  const place = placesOf(dictionary).get(key);
  if (place !== undefined) return `${dictionary.slice(0, place.start)} ${value} ${dictionary.slice(place.end)}`;
  const end = dictionary.lastIndexOf('>>');
  return `${dictionary.slice(0, end)} /${key} ${value} >>`;
}

/** An array with one more member at its end. */
export function withMember(array: string, member: string): string {
  return `${array.slice(0, array.lastIndexOf(']'))} ${member} ]`;
}

/** The object that `12 0 R` refers to; null where the text is no reference. */
export function referenceOf(value: string | null): number | null {
  const found = /^\s*(\d+)\s+\d+\s+R\b/.exec(value ?? '');
  return found === null ? null : Number(found[1]);
}

/** The integers of an array, or one integer. */
export function integersOf(value: string | null): number[] {
  return (value?.match(/-?\d+/g) ?? []).map(Number);
}

/** Where the value at `at` (white space passed over) ends. Throws SyntaxError where there is none. */
export function endOfValue(text: string, at: number): number {
  const start = skipSpace(text, at);
  const character = text[start] ?? '';
  if (text.startsWith('<<', start)) return endOfGroup(text, start + 2, '>>');
  if (character === '[') return endOfGroup(text, start + 1, ']');
  if (character === '(') return endOfString(text, start + 1);
  if (character === '<') return afterOrFail(text, '>', start);
  if (character === '' || ')>]'.includes(character)) throw new SyntaxError('a value is missing in the PDF');
  const reference = /^\d+\s+\d+\s+R(?![A-Za-z])/.exec(text.slice(start, start + 40));
  return reference === null ? endOfWord(text, start + 1) : start + reference[0].length;
}

function endOfWord(text: string, from: number): number {
  let end = from;
  while (end < text.length && !DELIMITER.test(text[end] ?? ' ')) end += 1;
  return end;
}

function placesOf(dictionary: string): Map<string, Place> {
  const places = new Map<string, Place>();
  let at = dictionary.indexOf('<<') + 2;
  for (at = skipSpace(dictionary, at); dictionary[at] === '/'; at = skipSpace(dictionary, at)) {
    const end = endOfValue(dictionary, at);
    const start = skipSpace(dictionary, end);
    at = endOfValue(dictionary, start);
    places.set(dictionary.slice(skipSpace(dictionary, dictionary.lastIndexOf('/', end - 1)) + 1, end), { start, end: at });
  }
  if (!dictionary.startsWith('>>', at)) throw new SyntaxError('a dictionary of the PDF cannot be read');
  return places;
}

function endOfGroup(text: string, from: number, close: string): number {
  let at = skipSpace(text, from);
  while (!text.startsWith(close, at)) at = skipSpace(text, endOfValue(text, at));
  return at + close.length;
}

function endOfString(text: string, from: number): number {
  let depth = 1;
  let at = from;
  for (; depth > 0; at += 1) {
    const character = text[at];
    if (character === undefined) throw new SyntaxError('a string of the PDF does not end');
    if (character === '\\') at += 1;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
  }
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && SPACE.test(text[at] ?? '')) at += 1;
    if (text[at] !== '%') return at;
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  }
}

function afterOrFail(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  if (found === -1) throw new SyntaxError('a value of the PDF does not end');
  return found + mark.length;
}
