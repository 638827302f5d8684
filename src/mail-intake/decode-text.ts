/** The text that bytes are in a character set that a message names, well or badly. What no database keeps is left out. */
export function decodeText(bytes: Buffer, charset: string): string {
  return clean(withCharset(bytes, charset) ?? withCharset(bytes, 'utf-8') ?? new TextDecoder('windows-1252').decode(bytes));
}

/** Undefined where the set is unknown, or the bytes are not of it. */
function withCharset(bytes: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset.trim(), { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, '');
}
