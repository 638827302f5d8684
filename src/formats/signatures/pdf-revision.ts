import { MOST_OBJECTS, readTable, readXrefStream, type Entry, type Section } from './pdf-cross-reference.js';
import { readObjectHead, unpack, type IndirectObject } from './pdf-object.js';
import { isDictionary, PdfDoubt, readPdfValue, type PdfDictionary, type PdfValue } from './pdf-value.js';
import { bytesOf, type ReadableDocument } from './readable-document.js';

/** A PDF as it was up to a place, as its cross-reference sections describe it: what a reader of that revision sees. */
export interface PdfRevision {
  /** Where it ends. */
  readonly end: number;
  readonly startXref: number;
  readonly trailer: PdfDictionary;
  /** Every object that any of its sections names; the newest word on each. */
  readonly entries: ReadonlyMap<number, Entry>;
  /** The value of an object; undefined where there is none. Rejects with PdfDoubt. */
  value(number: number): Promise<PdfValue | undefined>;
}

/** Each takes one reading of the document. */
const MOST_SECTIONS = 30;
const LARGEST_SECTION = 8 * 1024 * 1024;
/** A catalog, a form, a page, or an object stream with one of them. */
export const LARGEST_OBJECT = 2 * 1024 * 1024;
const END = /startxref[\r\n ]{1,4}(\d{1,12})[\r\n ]{1,4}%%EOF[\r\n]{0,2}$/;

/** Reads the revision that ends at `end`. Rejects with PdfDoubt. */
export async function readRevision(document: Pick<ReadableDocument, 'open'>, end: number): Promise<PdfRevision> {
  const tail = (await bytesOf(document, { start: Math.max(0, end - 1024), end })).toString('latin1');
  const startXref = Number(END.exec(tail)?.[1] ?? '-1');
  const entries = new Map<number, Entry>();
  const seen = new Set<number>();
  let trailer: PdfDictionary | null = null;
  const waiting = [startXref];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    if (seen.has(at) || seen.size === MOST_SECTIONS) throw new PdfDoubt(`the PDF has more than ${MOST_SECTIONS} cross-reference sections, or one twice`);
    seen.add(at);
    const section = await readSection(document, at, end);
    trailer ??= section.trailer;
    section.entries.forEach((entry, number) => { if (!entries.has(number)) entries.set(number, inFile(entry, end)); });
    if (entries.size > MOST_OBJECTS) throw new PdfDoubt(`the PDF has more than ${MOST_OBJECTS} objects`);
    for (const key of ['XRefStm', 'Prev']) { const place = section.trailer.get(key); if (typeof place === 'number') waiting.push(place); }
  }
  if (trailer === null || trailer.has('Encrypt')) throw new PdfDoubt('the PDF is encrypted');
  return { end, startXref, trailer, entries, value: (number) => valueOf(document, entries, number, end) };
}

async function readSection(document: Pick<ReadableDocument, 'open'>, at: number, end: number): Promise<Section> {
  if (!(at >= 0 && at < end)) throw new PdfDoubt('a cross-reference section of the PDF is not where the PDF says');
  const text = (await bytesOf(document, { start: at, end: Math.min(end, at + LARGEST_SECTION) })).toString('latin1');
  return text.startsWith('xref') ? readTable(text, 0) : readXrefStream(readObjectHead(text, 0));
}

/** An entry that points behind the revision would come to life with what is added there. */
function inFile(entry: Entry, end: number): Entry {
  if (entry !== 'free' && 'at' in entry && entry.at >= end) throw new PdfDoubt('the PDF names an object that is behind its end');
  return entry;
}

async function valueOf(document: Pick<ReadableDocument, 'open'>, entries: ReadonlyMap<number, Entry>, number: number, end: number): Promise<PdfValue | undefined> {
  const entry = entries.get(number);
  if (entry === undefined || entry === 'free') return undefined;
  if ('at' in entry) return (await objectAt(document, number, entry.at, end)).value;
  const holder = entries.get(entry.inside);
  if (holder === undefined || holder === 'free' || !('at' in holder)) throw new PdfDoubt(`object stream ${entry.inside} of the PDF is missing`);
  return memberOf(await objectAt(document, entry.inside, holder.at, end), number, entry.index);
}

async function objectAt(document: Pick<ReadableDocument, 'open'>, number: number, at: number, end: number): Promise<IndirectObject> {
  const object = readObjectHead((await bytesOf(document, { start: at, end: Math.min(end, at + LARGEST_OBJECT) })).toString('latin1'), 0);
  if (object.number !== number) throw new PdfDoubt(`object ${number} of the PDF is not where the PDF says`);
  return object;
}

/** An object in an object stream (ISO 32000-1 §7.5.7). */
function memberOf(stream: IndirectObject, number: number, index: number): PdfValue {
  const content = unpack(stream).toString('latin1');
  const first = isDictionary(stream.value) ? Number(stream.value.get('First')) : NaN;
  const places = content.slice(0, first).trim().split(/[\0\t\n\f\r ]+/).map(Number);
  if (places[index * 2] !== number) throw new PdfDoubt(`object ${number} of the PDF is not where the PDF says`);
  return readPdfValue(content, first + (places[index * 2 + 1] ?? NaN)).value;
}
