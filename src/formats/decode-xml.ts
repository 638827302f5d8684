/** Where windows-1252 differs from ISO-8859-1, from byte 0x80 on. Not TextDecoder: some Node versions decode one as the other. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8DŽ\x8F\x90‘’“”•–—˜™š›œ\x9DžŸ';

/** How much of a file may come before the end of its XML declaration. */
const DECLARATION_BYTES = 256;

/** Text of an XML file that is whole in memory. What is declared is honoured, ISO-8859-1 read as windows-1252; a file that declares
 * nothing, or UTF-8, and is not UTF-8, is read as windows-1252 too, because the systems of the State write such files
 * (contracts/pes-actes-formats.md §B4). */
export function decodeXml(bytes: Buffer): string {
  const declared = /^<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(bytes.toString('latin1', 0, DECLARATION_BYTES))?.[1]?.toLowerCase() ?? 'utf-8';
  return (declared === 'utf-8' || declared === 'utf8' ? strictUtf8(bytes) : null) ?? decodeWindows1252(bytes);
}

/** Text of bytes that say nothing of their encoding: UTF-8 where they are UTF-8, else windows-1252. */
export function decodeText(bytes: Buffer): string {
  return strictUtf8(bytes) ?? decodeWindows1252(bytes);
}

function strictUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A decoder that is asked to be strict has no other way to say «no».
    return null;
  }
}

function decodeWindows1252(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\x9F]/g, (character) => WINDOWS_1252.charAt(character.charCodeAt(0) - 0x80));
}
