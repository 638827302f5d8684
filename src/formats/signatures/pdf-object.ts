import { inflateSync } from 'node:zlib';
import { afterSpace, isArray, isDictionary, nameOf, PdfDoubt, readPdfValue, type PdfDictionary, type PdfValue } from './pdf-value.js';

/** An indirect object of a PDF (ISO 32000-1 §7.3.10). Places are those of the text that it was read from. */
export interface IndirectObject {
  readonly number: number;
  readonly generation: number;
  readonly value: PdfValue;
  /** What its stream holds, still packed; null where it has none. */
  readonly packed: string | null;
  readonly end: number;
}

const HEADER = /(\d{1,10})[\0\t\n\f\r ]{1,20}(\d{1,5})[\0\t\n\f\r ]{1,20}obj/y;
const STREAM = /stream(?:\r\n|\n)/y;
const END_OF_STREAM = /[\0\t\n\f\r ]{0,4}endstream[\0\t\n\f\r ]{1,20}endobj/y;
const LARGEST_CONTENT = 8 * 1024 * 1024;

/** Reads the object that starts at a place: header, value, and what its stream holds up to the length that it says itself. Throws PdfDoubt. */
export function readObject(text: string, at: number): IndirectObject {
  const { number, generation, value, end } = readHead(text, at);
  const next = afterSpace(text, end);
  if (text.startsWith('endobj', next)) return { number, generation, value, packed: null, end: next + 'endobj'.length };
  const length = isDictionary(value) ? value.get('Length') : undefined;
  if (typeof length !== 'number') throw new PdfDoubt(`object ${number} of the PDF does not end, or does not say how long its stream is`);
  const start = afterPattern(STREAM, text, next);
  const close = afterPattern(END_OF_STREAM, text, start + length);
  return { number, generation, value, packed: text.slice(start, start + length), end: close };
}

/** Reads an object without regard to how it ends; `packed`: all that follows the start of its stream. Throws PdfDoubt. */
export function readObjectHead(text: string, at: number): IndirectObject {
  const head = readHead(text, at);
  const next = afterSpace(text, head.end);
  return { ...head, packed: text.startsWith('stream', next) ? text.slice(afterPattern(STREAM, text, next)) : null };
}

/** Unpacks a stream that is deflated or plain, and not predicted. What follows the end of a deflated one is passed over. Throws PdfDoubt. */
export function unpack({ number, value, packed }: IndirectObject): Buffer {
  if (packed === null || !isDictionary(value)) throw new PdfDoubt(`object ${number} of the PDF is no stream`);
  const filter = filterOf(value);
  if (filter === null) return Buffer.from(packed.slice(0, lengthOf(value)), 'latin1');
  if (filter !== 'FlateDecode') throw new PdfDoubt(`object ${number} of the PDF is packed in a way that is not read: ${filter.slice(0, 40)}`);
  try {
    return inflateSync(Buffer.from(packed, 'latin1'), { maxOutputLength: LARGEST_CONTENT });
  } catch (error) {
    throw new PdfDoubt(`object ${number} of the PDF cannot be unpacked, or is too large`, { cause: error });
  }
}

function readHead(text: string, at: number): Omit<IndirectObject, 'packed'> {
  HEADER.lastIndex = at;
  const header = HEADER.exec(text);
  if (header === null) throw new PdfDoubt('an object of the PDF is not where the PDF says, or cannot be read');
  return { number: Number(header[1]), generation: Number(header[2]), ...readPdfValue(text, HEADER.lastIndex) };
}

function filterOf(dictionary: PdfDictionary): string | null {
  const filter = dictionary.get('Filter') ?? null;
  if (filter === null || (isArray(filter) && filter.length === 0)) return null;
  return nameOf(isArray(filter) && filter.length === 1 ? filter[0] : filter) ?? 'several filters';
}

function lengthOf(dictionary: PdfDictionary): number {
  const length = dictionary.get('Length');
  if (typeof length !== 'number') throw new PdfDoubt('a stream of the PDF does not say how long it is');
  return length;
}

function afterPattern(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  if (!pattern.test(text)) throw new PdfDoubt('a stream of the PDF does not start or end where the PDF says');
  return pattern.lastIndex;
}
