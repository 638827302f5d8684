import { inflateSync } from 'node:zlib';
import { endOfValue, integersOf, referenceOf, valueOf } from './sign-pdf-dictionary.js';

/** A PDF as its cross-reference sections describe it (ISO 32000-1 §7.5): enough of it to add a signature. */
export interface PdfFile {
  /** The newest trailer dictionary. */
  readonly trailer: string;
  /** Where its cross-reference section is: what an update names as `/Prev`. */
  readonly startXref: number;
  /** Whether that section is a stream, as the section of an update must be then. */
  readonly xrefIsStream: boolean;
  /** The text of the value of an object, without what a stream holds. Throws SyntaxError where there is none. */
  object(number: number): string;
}

type Entry = { readonly at: number } | { readonly inStream: number; readonly index: number };
interface Section { readonly dictionary: string; readonly entries: ReadonlyMap<number, Entry> }

const MOST_SECTIONS = 200;

/** Reads the cross-reference sections of a PDF. Throws SyntaxError. */
export function readPdfFile(pdf: Buffer): PdfFile {
  const startXref = integersOf(pdf.subarray(pdf.lastIndexOf('startxref')).toString('latin1', 'startxref'.length, 40))[0] ?? -1;
  const entries = new Map<number, Entry>();
  const sections: Section[] = [];
  const waiting = [startXref];
  for (let at = waiting.shift(); at !== undefined && sections.length < MOST_SECTIONS; at = waiting.shift()) {
    const section = readSection(pdf, at);
    sections.push(section);
    section.entries.forEach((entry, number) => { if (!entries.has(number)) entries.set(number, entry); });
    waiting.push(...integersOf(valueOf(section.dictionary, 'XRefStm')), ...integersOf(valueOf(section.dictionary, 'Prev')));
  }
  const trailer = sections[0]?.dictionary ?? '';
  if (valueOf(trailer, 'Encrypt') !== null) throw new SyntaxError('the PDF is encrypted');
  const object = (number: number): string => objectText(pdf, entries, number);
  return { trailer, startXref, xrefIsStream: !startsWith(pdf, startXref, 'xref'), object };
}

function readSection(pdf: Buffer, at: number): Section {
  if (at < 0 || at >= pdf.length) throw new SyntaxError('the cross-reference section of the PDF is not where the PDF says');
  return startsWith(pdf, at, 'xref') ? readTable(pdf, at) : readXrefStream(pdf, at);
}

function readTable(pdf: Buffer, at: number): Section {
  const end = pdf.indexOf('trailer', at);
  if (end === -1) throw new SyntaxError('the PDF has no trailer');
  const words = pdf.toString('latin1', at + 'xref'.length, end).trim().split(/\s+/);
  const entries = new Map<number, Entry>();
  for (let index = 0; index + 1 < words.length;) {
    const [first, count] = [Number(words[index]), Number(words[index + 1])];
    index += 2;
    for (let number = first; number < first + count && index + 2 < words.length; number += 1, index += 3) {
      if (words[index + 2] === 'n') entries.set(number, { at: Number(words[index]) });
    }
  }
  const after = textFrom(pdf, end + 'trailer'.length, 'startxref');
  return { dictionary: after.slice(0, endOfValue(after, 0)), entries };
}

function readXrefStream(pdf: Buffer, at: number): Section {
  const { dictionary, content } = readStream(pdf, at);
  const widths = integersOf(valueOf(dictionary, 'W'));
  const ranges = integersOf(valueOf(dictionary, 'Index') ?? `0 ${valueOf(dictionary, 'Size') ?? '0'}`);
  const rowLength = widths.reduce((sum, width) => sum + width, 0);
  const entries = new Map<number, Entry>();
  let place = 0;
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    const [first = 0, count = 0] = ranges.slice(range);
    for (let number = first; number < first + count && place < content.length; number += 1, place += rowLength) {
      const entry = xrefEntry(content, place, widths);
      if (entry !== null) entries.set(number, entry);
    }
  }
  return { dictionary, entries };
}

/** Type 1: a place in the file; type 2: in an object stream; no type: type 1; all others are free (ISO 32000-1 §7.5.8.3). */
function xrefEntry(content: Buffer, place: number, [typeWidth = 0, secondWidth = 0, thirdWidth = 0]: readonly number[]): Entry | null {
  const type = typeWidth === 0 ? 1 : integerAt(content, place, typeWidth);
  const second = integerAt(content, place + typeWidth, secondWidth);
  if (type === 1) return { at: second };
  return type === 2 ? { inStream: second, index: integerAt(content, place + typeWidth + secondWidth, thirdWidth) } : null;
}

function objectText(pdf: Buffer, entries: ReadonlyMap<number, Entry>, number: number): string {
  const entry = entries.get(number);
  if (entry === undefined) throw new SyntaxError(`the PDF has no object ${number}`);
  if ('at' in entry) return dictionaryAt(pdf, entry.at).dictionary;
  const holder = entries.get(entry.inStream);
  if (holder === undefined || !('at' in holder)) throw new SyntaxError(`the PDF has no object stream ${entry.inStream}`);
  const { dictionary, content } = readStream(pdf, holder.at);
  const first = integersOf(valueOf(dictionary, 'First'))[0] ?? 0;
  const offset = integersOf(content.toString('latin1', 0, first))[entry.index * 2 + 1] ?? 0;
  const text = content.toString('latin1', first + offset);
  return text.slice(0, endOfValue(text, 0));
}

/** The value of the object at a place of the file, and where it ends. */
function dictionaryAt(pdf: Buffer, at: number): { dictionary: string; end: number } {
  const text = textFrom(pdf, at, 'endobj');
  const header = /^\s*\d+\s+\d+\s+obj/.exec(text);
  if (header === null) throw new SyntaxError('an object of the PDF is not where the PDF says');
  const end = endOfValue(text, header[0].length);
  return { dictionary: text.slice(header[0].length, end), end: at + end };
}

function readStream(pdf: Buffer, at: number): { dictionary: string; content: Buffer } {
  const { dictionary, end } = dictionaryAt(pdf, at);
  const keyword = pdf.indexOf('stream', end) + 'stream'.length;
  const start = keyword + (pdf[keyword] === 0x0d ? 2 : 1);
  const length = valueOf(dictionary, 'Length');
  const stop = referenceOf(length) === null ? start + (integersOf(length)[0] ?? 0) : pdf.indexOf('endstream', start);
  const raw = pdf.subarray(start, stop);
  const content = valueOf(dictionary, 'Filter')?.includes('/FlateDecode') === true ? inflateSync(raw) : raw;
  const parameters = valueOf(dictionary, 'DecodeParms');
  const predictor = parameters === null ? 1 : integersOf(valueOf(parameters, 'Predictor'))[0] ?? 1;
  return { dictionary, content: predictor < 10 ? content : unpredict(content, integersOf(valueOf(parameters ?? '<<>>', 'Columns'))[0] ?? 1) };
}

/** Takes back the prediction of PNG (ISO 32000-1 §7.4.4.4), as far as cross-reference streams use it: none, left, above. */
function unpredict(rows: Buffer, columns: number): Buffer {
  const count = Math.floor(rows.length / (columns + 1));
  const plain = Buffer.alloc(count * columns);
  for (let row = 0; row < count; row += 1) {
    const kind = rows[row * (columns + 1)] ?? 0;
    if (kind > 2) throw new SyntaxError('the cross-reference stream of the PDF is packed in a way that is not supported');
    for (let column = 0; column < columns; column += 1) {
      const place = row * columns + column;
      const before = kind === 1 && column > 0 ? plain[place - 1] ?? 0 : kind === 2 && row > 0 ? plain[place - columns] ?? 0 : 0;
      plain[place] = ((rows[row * (columns + 1) + 1 + column] ?? 0) + before) & 0xff;
    }
  }
  return plain;
}

function integerAt(bytes: Buffer, at: number, width: number): number {
  return bytes.subarray(at, at + width).reduce((value, byte) => value * 256 + byte, 0);
}

function startsWith(pdf: Buffer, at: number, word: string): boolean {
  return at >= 0 && pdf.toString('latin1', at, at + word.length) === word;
}

function textFrom(pdf: Buffer, at: number, stop: string): string {
  const end = pdf.indexOf(stop, at);
  return pdf.toString('latin1', at, end === -1 ? pdf.length : end);
}
