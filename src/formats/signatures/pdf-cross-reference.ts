import { unpack, type IndirectObject } from './pdf-object.js';
import { afterSpace, isArray, isDictionary, nameOf, PdfDoubt, readPdfValue, type PdfDictionary, type PdfValue } from './pdf-value.js';

/** Where an object is: at a place of the file, in an object stream, or nowhere (free). */
export type Entry = { readonly at: number; readonly generation: number } | { readonly inside: number; readonly index: number } | 'free';

/** One cross-reference section (ISO 32000-1 §7.5.4, §7.5.8) with its trailer. */
export interface Section {
  readonly entries: ReadonlyMap<number, Entry>;
  readonly trailer: PdfDictionary;
}

/** Files with more objects are not looked into. */
export const MOST_OBJECTS = 200_000;

const RANGE = /(\d{1,10})[\0\t\n\f\r ]{1,4}(\d{1,10})[\0\t\n\f\r ]{1,4}/y;
const ROW = /(\d{1,10}) {1,2}(\d{1,5}) {1,2}([nf])[\0\t\n\f\r ]{1,4}/y;

/** Reads the table that starts at `xref`, and the trailer dictionary after it. Throws PdfDoubt. */
export function readTable(text: string, at: number): Section & { readonly end: number } {
  const entries = new Map<number, Entry>();
  let place = afterSpace(text, at + 'xref'.length);
  while (!text.startsWith('trailer', place)) {
    const [range, rows] = match(RANGE, text, place);
    const [first, count] = [Number(range[1]), Number(range[2])];
    place = rows;
    for (let number = first; number < first + count; number += 1) {
      const [row, next] = match(ROW, text, place);
      add(entries, number, row[3] === 'n' ? { at: Number(row[1]), generation: Number(row[2]) } : 'free');
      place = next;
    }
  }
  const { value, end } = readPdfValue(text, place + 'trailer'.length);
  if (!isDictionary(value)) throw new PdfDoubt('the trailer of the PDF is no dictionary');
  return { entries, trailer: value, end };
}

/** Reads the rows of a cross-reference stream. Throws PdfDoubt. */
export function readXrefStream(object: IndirectObject): Section {
  if (!isDictionary(object.value) || nameOf(object.value.get('Type')) !== 'XRef') throw new PdfDoubt('the cross-reference section of the PDF is not where the PDF says');
  const trailer = object.value;
  const widths = widthsOf(trailer);
  const rowLength = widths.reduce((sum, width) => sum + width, 0);
  const rows = unpredicted(unpack(object), trailer.get('DecodeParms'), rowLength);
  const ranges = trailer.has('Index') ? integers(trailer.get('Index')) : [0, ...integers([trailer.get('Size') ?? null])];
  const entries = new Map<number, Entry>();
  let at = 0;
  for (let range = 0; range + 1 < ranges.length; range += 2) {
    const [first = 0, count = 0] = ranges.slice(range);
    if (at + count * rowLength > rows.length) throw new PdfDoubt('a cross-reference stream of the PDF is too short');
    for (let number = first; number < first + count; number += 1, at += rowLength) add(entries, number, entryOf(rows, at, widths));
  }
  return { entries, trailer };
}

function widthsOf(trailer: PdfDictionary): readonly number[] {
  const widths = integers(trailer.get('W'));
  if (widths.length !== 3 || widths.some((width) => width > 8) || widths.every((width) => width === 0)) throw new PdfDoubt('the widths of a cross-reference stream cannot be read');
  return widths;
}

function add(entries: Map<number, Entry>, number: number, entry: Entry): void {
  if (entries.size >= MOST_OBJECTS) throw new PdfDoubt(`the PDF has more than ${MOST_OBJECTS} objects`);
  if (entries.has(number)) throw new PdfDoubt(`a cross-reference section of the PDF names object ${number} twice`);
  entries.set(number, entry);
}

/** Type 1: a place in the file; type 2: in an object stream; no type: type 1 (ISO 32000-1 §7.5.8.3). */
function entryOf(rows: Buffer, at: number, [typeWidth = 0, secondWidth = 0, thirdWidth = 0]: readonly number[]): Entry {
  const type = typeWidth === 0 ? 1 : integerAt(rows, at, typeWidth);
  const second = integerAt(rows, at + typeWidth, secondWidth);
  const third = integerAt(rows, at + typeWidth + secondWidth, thirdWidth);
  if (type === 1) return { at: second, generation: third };
  return type === 2 ? { inside: second, index: third } : 'free';
}

/** Takes back the prediction of PNG (ISO 32000-1 §7.4.4.4), as far as cross-reference streams use it: none, left, above. */
function unpredicted(rows: Buffer, parameters: PdfValue | undefined, columns: number): Buffer {
  if (!isPredicted(isArray(parameters) && parameters.length === 1 ? parameters[0] : parameters, columns)) return rows;
  const plain = Buffer.alloc(Math.floor(rows.length / (columns + 1)) * columns);
  for (let at = 0; at < plain.length; at += 1) {
    const column = at % columns;
    const start = Math.floor(at / columns) * (columns + 1);
    plain[at] = ((rows[start + 1 + column] ?? 0) + predicted(plain, at, columns, rows[start] ?? 0)) & 0xff;
  }
  return plain;
}

function isPredicted(parameters: PdfValue | undefined, columns: number): boolean {
  const predictor = isDictionary(parameters) ? parameters.get('Predictor') ?? 1 : 1;
  if (predictor === 1) return false;
  if (typeof predictor !== 'number' || predictor < 10 || !isDictionary(parameters) || parameters.get('Columns') !== columns) throw new PdfDoubt('a cross-reference stream of the PDF is packed in a way that is not read');
  return true;
}

function predicted(plain: Buffer, at: number, columns: number, kind: number): number {
  if (kind > 2) throw new PdfDoubt('a cross-reference stream of the PDF is packed in a way that is not read');
  if (kind === 1) return at % columns === 0 ? 0 : plain[at - 1] ?? 0;
  return kind === 2 ? plain[at - columns] ?? 0 : 0;
}

function integers(value: PdfValue | undefined): number[] {
  const members = isArray(value) ? value : [];
  if (members.length === 0 || !members.every((one) => Number.isSafeInteger(one) && Number(one) >= 0)) throw new PdfDoubt('a cross-reference stream of the PDF cannot be read');
  return members.map(Number);
}

function integerAt(bytes: Buffer, at: number, width: number): number {
  return bytes.subarray(at, at + width).reduce((value, byte) => value * 256 + byte, 0);
}

function match(pattern: RegExp, text: string, at: number): [RegExpExecArray, number] {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  if (found === null) throw new PdfDoubt('a cross-reference table of the PDF cannot be read');
  return [found, pattern.lastIndex];
}
