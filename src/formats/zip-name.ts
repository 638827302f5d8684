/** Characters 128 to 255 of code page 437, which names are in where nothing else is said (APPNOTE appendix D). */
const CP437 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0';

/** Name of an entry. Many writers use UTF-8 without saying so: what is UTF-8 is read as such. */
export function zipName(bytes: Buffer, saidUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !saidUtf8 }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : CP437.charAt(byte - 128))).join('');
  }
}
