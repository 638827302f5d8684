import { isUtf8 } from 'node:buffer';
import { XmlError } from './xml-error.js';

/** How the bytes of a document are text. In each of them the bytes below 0x80 are ASCII, so that markup is found in bytes. */
export interface ByteText {
  /** U+FFFD may stand for bytes that are no text. */
  quick(source: Buffer, from: number, to: number): string;
  /** Throws an XmlError of `encoding` for bytes that are no text. */
  strict(source: Buffer, from: number, to: number): string;
}

export const UTF_8: ByteText = {
  quick: (source, from, to) => source.toString('utf8', from, to),
  strict(source, from, to) {
    const text = source.toString('utf8', from, to);
    if (text.includes('\uFFFD') && !isUtf8(source.subarray(from, to))) {
      throw new XmlError('the bytes are not valid in the declared encoding (UTF-8 if none is declared)', 'encoding');
    }
    return text;
  },
};

export const WINDOWS_1252 = singleByte('\x80\x82\x83\x84\x85\x86\x87\x88\x89\x8A\x8B\x8C\x8E\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9A\x9B\x9C\x9E\x9F', '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ');
export const ISO_8859_15 = singleByte('\xA4\xA6\xA8\xB4\xB8\xBC\xBD\xBE', '€ŠšŽžŒœŸ');

/** Encodings that differ from ISO-8859-1 in a few bytes. Not TextDecoder: some Node versions decode windows-1252 as ISO-8859-1. All
 * characters here are single UTF-16 units. */
function singleByte(bytes: string, characters: string): ByteText {
  const different = new Map(Array.from(bytes, (byte, at) => [byte, characters.charAt(at)]));
  const pattern = new RegExp(`[${bytes}]`, 'g');
  const decode = (source: Buffer, from: number, to: number): string => source.toString('latin1', from, to).replace(pattern, (byte) => different.get(byte) ?? byte);
  return { quick: decode, strict: decode };
}
