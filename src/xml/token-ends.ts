import { LESS, GREATER, QUESTION, QUOTE, APOSTROPHE, AMPERSAND, SEMICOLON, BRACKET, CARRIAGE_RETURN, LINE_FEED } from './byte-values.js';
import { XmlError } from './xml-error.js';
import { REFERENCE_LENGTH } from './xml-text.js';

/** Most tags are, and need no decoding. */
export function isAsciiIn(source: Buffer, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    if ((source[at] ?? 0) >= 0x80) return false;
  }
  return true;
}

/** The end of white space that needs no decoding. CR counts: it would only become a line feed. */
export function blankEnd(source: Buffer, from: number): number {
  let at = from;
  for (; at < source.length; at++) {
    const byte = source[at];
    if (byte !== 0x20 && byte !== LINE_FEED && byte !== 0x09 && byte !== CARRIAGE_RETURN) break;
  }
  return at;
}

/** The `>` of the tag that begins at `from`, outside quotes; -1 if it has not come. */
export function tagEnd(source: Buffer, from: number): number {
  let quote = 0;
  for (let at = from; at < source.length; at++) {
    const byte = source[at];
    if (byte === LESS) throw new XmlError('"<" must not stand inside a tag');
    if (quote !== 0) { if (byte === quote) quote = 0; continue; }
    if (byte === GREATER) return at;
    if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
  }
  return -1;
}

/** Where text can be cut without splitting a character, a reference, a CR LF or a `]]>`. */
export function completeEnd(source: Buffer, from: number): number {
  const end = completeLiteralEnd(source, from);
  const lowest = Math.max(from, end - REFERENCE_LENGTH);
  for (let at = end - 1; at >= lowest; at--) {
    if (source[at] === SEMICOLON) return end;
    if (source[at] === AMPERSAND) return at;
  }
  return end;
}

/** The same where neither a reference nor markup counts: in a comment, an instruction, a CDATA section. */
export function completeLiteralEnd(source: Buffer, from: number): number {
  let end = source.length;
  // "--" of a comment and "?>" of an instruction may be split too; giving up one byte more does no harm
  while (end > from && end > source.length - 2 && isSplittable(source[end - 1])) end -= 1;
  for (let back = 1; back <= 3 && end - back >= from; back++) {
    const byte = source[end - back] ?? 0;
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? end - back : end;
  }
  return end;
}

function isSplittable(byte: number | undefined): boolean {
  return byte === BRACKET || byte === CARRIAGE_RETURN || byte === 0x2d || byte === QUESTION;
}
