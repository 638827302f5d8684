import { readTable, readXrefStream, type Section } from './pdf-cross-reference.js';
import { readObject, type IndirectObject } from './pdf-object.js';
import { canonicalPdf, isDictionary, nameOf, PdfDoubt, type PdfDictionary } from './pdf-value.js';

/** An incremental update (ISO 32000-1 §7.5.6): what was appended to a PDF without changing what was there. */
export interface PdfUpdate {
  readonly objects: ReadonlyMap<number, IndirectObject>;
  /** The object among them that is its cross-reference stream; null where it has a table. */
  readonly xrefStream: number | null;
  readonly trailer: PdfDictionary;
  readonly startXref: number;
  /** Where it ends in the file; white space after it counts. */
  readonly end: number;
}

const MOST_UPDATES = 20;
const MOST_OBJECTS = 5000;
const SPACE = /[\0\t\n\f\r ]*/y;
/** Programs leave their name before the end. No word that programs search when they repair a file. */
const COMMENT = /%(?![^\r\n]*(?:obj|xref|trailer|EOF))[^\r\n]{0,200}[\r\n]+/y;
const END = /startxref[\r\n ]{1,4}(\d{1,12})[\r\n ]{1,4}%%EOF(?:[\0\t\n\f\r ]+|$)/y;
const TRAILER_KEYS = ['Size', 'Root', 'Prev', 'Info', 'ID', 'Type', 'W', 'Index', 'Length', 'Filter', 'DecodeParms'];
/** A stream in which a program that repairs the file would find objects. */
const OBJECT_IN_STREAM = /\d[\0\t\n\f\r ]+obj(?![A-Za-z])/;

/** Reads all that follows `base`, which has to be updates and nothing else: objects, a cross-reference section that names all of
 * them where they are and nothing more, and a trailer that says the same of the file. `tail` starts at `at`. Throws PdfDoubt. */
export function readUpdates(tail: string, at: number, base: { readonly startXref: number; readonly trailer: PdfDictionary }): readonly PdfUpdate[] {
  const updates: PdfUpdate[] = [];
  let [place, before] = [afterSpaceOnly(tail, 0), base.startXref];
  while (place < tail.length || updates.length === 0) {
    if (updates.length === MOST_UPDATES) throw new PdfDoubt(`there are more than ${MOST_UPDATES} updates`);
    const update = readUpdate(tail, place, at);
    checkTrailer(update.trailer, base.trailer, before);
    updates.push(update);
    place = update.end - at;
    before = update.startXref;
  }
  return updates;
}

function readUpdate(tail: string, from: number, offset: number): PdfUpdate {
  const { objects, places, last, end } = readObjects(tail, from, offset);
  const table = tail.startsWith('xref', end) ? readTable(tail, end) : null;
  const xrefStream = table === null ? last?.number ?? null : null;
  const section = table ?? xrefStreamOf(last);
  checkEntries(section, places, xrefStream);
  const startXref = xrefStream === null ? end + offset : places.get(xrefStream) ?? -1;
  return { objects, xrefStream, trailer: section.trailer, startXref, end: endOfUpdate(tail, table?.end ?? end, startXref) + offset };
}

function readObjects(tail: string, from: number, offset: number): { objects: Map<number, IndirectObject>; places: Map<number, number>; last: IndirectObject | null; end: number } {
  const objects = new Map<number, IndirectObject>();
  const places = new Map<number, number>();
  let end = from;
  let last: IndirectObject | null = null;
  while (/\d/.test(tail[end] ?? '')) {
    last = readObject(tail, end);
    const { number, generation, packed } = last;
    if (generation !== 0) throw new PdfDoubt(`object ${number} is of another generation`);
    if (objects.has(number) || objects.size === MOST_OBJECTS) throw new PdfDoubt(`object ${number} is there twice, or there are more than ${MOST_OBJECTS}`);
    if (packed !== null && OBJECT_IN_STREAM.test(packed)) throw new PdfDoubt(`the stream of object ${number} seems to hold objects`);
    objects.set(number, last);
    places.set(number, end + offset);
    end = afterSpaceOnly(tail, last.end);
  }
  return { objects, places, last, end };
}

function xrefStreamOf(last: IndirectObject | null): Section {
  if (last === null || !isDictionary(last.value) || nameOf(last.value.get('Type')) !== 'XRef') throw new PdfDoubt('it is no update of the PDF');
  return readXrefStream(last);
}

function endOfUpdate(tail: string, from: number, startXref: number): number {
  let place = afterSpaceOnly(tail, from);
  for (let next = after(COMMENT, tail, place); next !== null; next = after(COMMENT, tail, place)) place = next;
  END.lastIndex = place;
  const found = END.exec(tail);
  if (found === null || Number(found[1]) !== startXref) throw new PdfDoubt('an update does not end as it should (startxref)');
  return END.lastIndex;
}

function checkEntries({ entries }: Section, places: ReadonlyMap<number, number>, xrefStream: number | null): void {
  for (const [number, entry] of entries) {
    if (entry === 'free' ? number === 0 : 'at' in entry && entry.at === places.get(number) && entry.generation === 0) continue;
    throw new PdfDoubt(`object ${number} is deleted, packed with others or not where the update says`);
  }
  const missing = [...places.keys()].find((number) => !entries.has(number) && number !== xrefStream);
  if (missing !== undefined) throw new PdfDoubt(`an update holds object ${missing} and does not say so`);
}

function checkTrailer(trailer: PdfDictionary, base: PdfDictionary, before: number): void {
  const other = [...trailer.keys()].find((key) => !TRAILER_KEYS.includes(key));
  if (other !== undefined) throw new PdfDoubt(`the trailer of an update has /${other.slice(0, 40)}`);
  if (trailer.get('Prev') !== before) throw new PdfDoubt('an update does not continue what was before it (/Prev)');
  if (canonicalPdf(trailer.get('Root')) !== canonicalPdf(base.get('Root'))) throw new PdfDoubt('an update names another catalog');
  if (trailer.has('Info') && canonicalPdf(trailer.get('Info')) !== canonicalPdf(base.get('Info'))) throw new PdfDoubt('an update names other information about the document');
}

function afterSpaceOnly(text: string, at: number): number {
  return after(SPACE, text, at) ?? at;
}

function after(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
