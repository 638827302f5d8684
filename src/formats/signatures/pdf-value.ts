/** Values of a PDF (ISO 32000-1 §7.3). Text is one character a byte. */
export type PdfValue = null | boolean | number | PdfName | PdfText | PdfReference | readonly PdfValue[] | PdfDictionary;
export type PdfDictionary = ReadonlyMap<string, PdfValue>;
export interface PdfName { readonly name: string }
export interface PdfText { readonly text: string }
export interface PdfReference { readonly object: number; readonly generation: number }

/** Says why a part of a PDF cannot be read, or cannot be taken for harmless; the message is for the operator. */
export class PdfDoubt extends Error {}

interface Cursor { readonly text: string; at: number; depth: number }

const DEEPEST = 40;
const SPACE = /[\0\t\n\f\r ]/;
const NUMBER = /[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?=[\0\t\n\f\r ()<>[\]{}/%]|$)/y;
const REFERENCE = /(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R(?=[\0\t\n\f\r ()<>[\]{}/%]|$)/y;
const NAME = /\/([^\0\t\n\f\r ()<>[\]{}/%]*)/y;
const WORD = /(true|false|null)(?=[\0\t\n\f\r ()<>[\]{}/%]|$)/y;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', '\n': '' };

/** Reads the value at a place, and says where it ends. A dictionary with a key twice is refused: programs differ on which one
 * counts. Throws PdfDoubt. */
export function readPdfValue(text: string, at: number): { readonly value: PdfValue; readonly end: number } {
  const cursor: Cursor = { text, at, depth: 0 };
  const value = read(cursor);
  return { value, end: cursor.at };
}

/** The place of what comes after white space and comments. */
export function afterSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (SPACE.test(text[at] ?? '')) at += 1;
    if (text[at] !== '%') return at;
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  }
}

/** The same text for the same value, however it was written. */
export function canonicalPdf(value: PdfValue | undefined): string {
  if (value === undefined) return 'absent';
  if (isDictionary(value)) return `<<${[...value].map(([key, member]) => `${JSON.stringify(key)}:${canonicalPdf(member)}`).sort().join()}>>`;
  return Array.isArray(value) ? `[${(value as readonly PdfValue[]).map(canonicalPdf).join()}]` : JSON.stringify(value);
}

export function isDictionary(value: PdfValue | undefined): value is PdfDictionary {
  return value instanceof Map;
}

export function isReference(value: PdfValue | undefined): value is PdfReference {
  return typeof value === 'object' && value !== null && 'object' in value;
}

export function isArray(value: PdfValue | undefined): value is readonly PdfValue[] {
  return Array.isArray(value);
}

/** The text of a name; null for anything else. */
export function nameOf(value: PdfValue | undefined): string | null {
  return typeof value === 'object' && value !== null && 'name' in value ? value.name : null;
}

function read(cursor: Cursor): PdfValue {
  cursor.at = afterSpace(cursor.text, cursor.at);
  const { text, at } = cursor;
  if (text.startsWith('<<', at)) return deeper(cursor, readDictionary);
  if (text[at] === '[') return deeper(cursor, readArray);
  if (text[at] === '(') return { text: readLiteral(cursor) };
  if (text[at] === '<') return { text: readHexadecimal(cursor) };
  if (text[at] === '/') return { name: readName(cursor) };
  return readWord(cursor);
}

function deeper<Value>(cursor: Cursor, inner: (cursor: Cursor) => Value): Value {
  cursor.depth += 1;
  if (cursor.depth > DEEPEST) throw new PdfDoubt('a value of the PDF is nested too deeply');
  const value = inner(cursor);
  cursor.depth -= 1;
  return value;
}

function readDictionary(cursor: Cursor): PdfDictionary {
  const members = new Map<string, PdfValue>();
  cursor.at = afterSpace(cursor.text, cursor.at + 2);
  while (!cursor.text.startsWith('>>', cursor.at)) {
    if (cursor.text[cursor.at] !== '/') throw new PdfDoubt('a dictionary of the PDF cannot be read');
    const key = readName(cursor);
    if (members.has(key)) throw new PdfDoubt(`a dictionary of the PDF has /${key.slice(0, 40)} twice`);
    members.set(key, read(cursor));
    cursor.at = afterSpace(cursor.text, cursor.at);
  }
  cursor.at += 2;
  return members;
}

function readArray(cursor: Cursor): readonly PdfValue[] {
  const members: PdfValue[] = [];
  cursor.at = afterSpace(cursor.text, cursor.at + 1);
  while (cursor.text[cursor.at] !== ']') {
    members.push(read(cursor));
    cursor.at = afterSpace(cursor.text, cursor.at);
  }
  cursor.at += 1;
  return members;
}

function readName(cursor: Cursor): string {
  return (take(cursor, NAME)?.[1] ?? '').replace(/#([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
}

function readHexadecimal(cursor: Cursor): string {
  const end = cursor.text.indexOf('>', cursor.at);
  const digits = cursor.text.slice(cursor.at + 1, end === -1 ? cursor.at + 1 : end).replace(/[\0\t\n\f\r ]+/g, '');
  if (end === -1 || /[^0-9A-Fa-f]/.test(digits)) throw new PdfDoubt('a string of the PDF cannot be read');
  cursor.at = end + 1;
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex').toString('latin1');
}

function readLiteral(cursor: Cursor): string {
  const { text } = cursor;
  const parts: string[] = [];
  let depth = 0;
  for (let at = cursor.at; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') { const [part, length] = escaped(text, at + 1); parts.push(part); at += length; continue; }
    if (character === ')') depth -= 1;
    if (depth === 0 && at > cursor.at) { cursor.at = at + 1; return parts.join(''); }
    if (depth > 0) parts.push(character);
    if (character === '(') depth += 1;
  }
  throw new PdfDoubt('a string of the PDF does not end');
}

/** What stands for a backslash and what follows it, and how much follows it. */
function escaped(text: string, at: number): [string, number] {
  const octal = /^[0-7]{1,3}/.exec(text.slice(at, at + 3))?.[0];
  if (octal !== undefined) return [String.fromCharCode(parseInt(octal, 8) & 0xff), octal.length];
  if (text.startsWith('\r\n', at)) return ['', 2];
  const character = text.charAt(at);
  return [ESCAPED[character] ?? (character === '\r' ? '' : character), 1];
}

function readWord(cursor: Cursor): PdfValue {
  const reference = take(cursor, REFERENCE);
  if (reference !== null) return { object: Number(reference[1]), generation: Number(reference[2]) };
  const number = take(cursor, NUMBER);
  if (number !== null) return Number(number[0]);
  const word = take(cursor, WORD);
  if (word === null) throw new PdfDoubt('a value of the PDF cannot be read');
  return word[1] === 'null' ? null : word[1] === 'true';
}

function take(cursor: Cursor, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text);
  if (found !== null) cursor.at = pattern.lastIndex;
  return found;
}
