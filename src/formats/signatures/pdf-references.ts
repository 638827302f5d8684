import { LARGEST_OBJECT, type PdfRevision } from './pdf-revision.js';
import { readObjectHead, unpack } from './pdf-object.js';
import { PdfDoubt } from './pdf-value.js';
import { chunksOf, type ReadableDocument, type Span } from './readable-document.js';

/** Whether the document, as it was up to the end of `revision`, refers to one of these objects, which it does not have: whoever
 * prepared it would fill the gap after the signature, and put what he likes on a page. One reading, in constant memory: every byte is
 * searched, wherever it stands, and object streams unpacked. Rejects with PdfDoubt where one cannot be. */
export async function refersToOneOf(document: Pick<ReadableDocument, 'open'>, revision: PdfRevision, numbers: ReadonlySet<number>): Promise<boolean> {
  const streams = objectStreamsOf(revision);
  const search = searchReferences(numbers);
  let [next, packed, isFound] = [0, [] as Buffer[], false];
  for await (const { at, bytes } of chunksOf(document)) {
    if (at >= revision.end || isFound) break;
    isFound = search(bytes.subarray(0, revision.end - at));
    for (let span = streams[next]; span !== undefined && span.start < at + bytes.length; span = streams[next]) {
      packed.push(bytes.subarray(Math.max(span.start - at, 0), span.end - at));
      if (span.end > at + bytes.length) break;
      isFound ||= searchReferences(numbers)(Buffer.concat([unpacked(packed), Buffer.of(0x20)]));
      packed = [];
      next += 1;
    }
  }
  return isFound;
}

function unpacked(packed: readonly Buffer[]): Buffer {
  return unpack(readObjectHead(Buffer.concat(packed).toString('latin1'), 0));
}

/** Where the object streams are, in the order of the file: each up to the next thing that the cross-references name. */
function objectStreamsOf({ entries, end }: PdfRevision): readonly Span[] {
  const holders = new Set([...entries.values()].flatMap((entry) => entry !== 'free' && 'inside' in entry ? [entry.inside] : []));
  const places = [...entries.values()].flatMap((entry) => entry !== 'free' && 'at' in entry ? [entry.at] : []).sort((one, other) => one - other);
  const starts = [...holders].map((number) => {
    const entry = entries.get(number);
    if (entry === undefined || entry === 'free' || !('at' in entry)) throw new PdfDoubt(`object stream ${number} of the PDF is missing`);
    return entry.at;
  });
  const wanted = new Set(starts);
  const spans = [...new Set(places)].map((start, index, all) => ({ start, end: Math.min(all[index + 1] ?? end, start + LARGEST_OBJECT) }));
  return spans.filter(({ start }) => wanted.has(start));
}

/** Bytes of `25 0 R` with white space and comments anywhere between. What stands after `%` may be a comment or the rest of a
 * string, so both are followed at once: `open` are the places in a reference where the search can be. */
const PLACES = { afterNumber: 1, inComment: 2, inGeneration: 4, afterGeneration: 8, inSecondComment: 16 } as const;

/** Searches pieces of a file, one after the other; the answer is true from the piece on that completes a reference. */
function searchReferences(numbers: ReadonlySet<number>): (bytes: Buffer) => boolean {
  let number = -1;
  let open = 0;
  return (bytes) => {
    for (const byte of bytes) {
      if (byte >= 0x30 && byte <= 0x39) {
        number = Math.min((number === -1 ? 0 : number) * 10 + byte - 0x30, 1e12);
        if (open !== 0) open = afterDigit(open);
        continue;
      }
      if (number !== -1) { if (numbers.has(number)) open |= PLACES.afterNumber; number = -1; }
      if (open === 0) continue;
      if (byte === 0x52 && (open & (PLACES.inGeneration | PLACES.afterGeneration)) !== 0) return true;
      open = afterByte(open, byte);
    }
    return false;
  };
}

function afterDigit(open: number): number {
  const comments = open & (PLACES.inComment | PLACES.inSecondComment);
  return comments | ((open & (PLACES.afterNumber | PLACES.inGeneration)) !== 0 ? PLACES.inGeneration : 0);
}

function afterByte(open: number, byte: number): number {
  const comments = open & (PLACES.inComment | PLACES.inSecondComment);
  if (byte === 0x0a || byte === 0x0d) {
    return (open & (PLACES.afterNumber | PLACES.inComment) ? PLACES.afterNumber : 0) | (open & ~(PLACES.afterNumber | PLACES.inComment) ? PLACES.afterGeneration : 0);
  }
  if (byte === 0x25) return comments | (open & PLACES.afterNumber ? PLACES.inComment : 0) | (open & (PLACES.inGeneration | PLACES.afterGeneration) ? PLACES.inSecondComment : 0);
  if (byte > 0x20) return comments;
  return comments | (open & PLACES.afterNumber) | (open & (PLACES.inGeneration | PLACES.afterGeneration) ? PLACES.afterGeneration : 0);
}
