/** A body as text: UTF-8 where it is, else ISO-8859-1. Newer instances send the one, older ones the other, none says which
 * (contracts/s2low.md §2). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** What `api=1` answers: OK or KO, then lines (§2). */
export type ApiAnswer = { readonly ok: true; readonly lines: readonly string[] } | { readonly ok: false; readonly words: string };

/** Null for what is no such answer: another page, or half of one. The lines come without the one or two line feeds at the end. */
export function readApiAnswer(bytes: Uint8Array): ApiAnswer | null {
  const [first = '', ...lines] = decodeText(bytes).replace(/\r\n/g, '\n').replace(/\n+$/, '').split('\n');
  if (first.trim() === 'OK') return { ok: true, lines: lines.map((line) => line.trim()) };
  return first.trim() === 'KO' ? { ok: false, words: plainWords(lines.join(' ')) } : null;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: '\'', amp: '&', nbsp: ' ' };

/** Accents, by the ends of the names of their letters (`eacute`). */
const ACCENTS: Readonly<Record<string, string>> = { acute: '\u0301', grave: '\u0300', circ: '\u0302', uml: '\u0308', cedil: '\u0327', tilde: '\u0303' };

/** Other things in angle brackets are names that the words are about. */
const MARKUP = /<\/?(?:a|b|br|code|div|em|h[1-6]|hr|html|head|body|title|i|li|ol|p|pre|script|small|span|strong|style|table|tbody|td|th|thead|tr|u|ul|!doctype)\b[^>]*>/gi;

/** Longest text that is told; errors of the platform are a few lines. */
const LONGEST = 1000;

/** What is looked at of it: what comes behind is not told, and would only take time. */
const LOOKED_AT = 8 * LONGEST;

/** What an error says, in one line: without markup, and without the escapes that the platform puts into it (§2). */
export function plainWords(text: string): string {
  const line = unescaped(text.slice(0, LOOKED_AT).replace(MARKUP, ' ')).replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** In one pass: what a first replacement makes is not taken for an escape again. */
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,7}));/gi, (whole: string, decimal?: string, hexadecimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? accented(name) ?? whole;
    const code = decimal === undefined ? Number.parseInt(hexadecimal ?? '', 16) : Number(decimal);
    return code > 0 && code <= 0x10FFFF ? String.fromCodePoint(code) : whole;
  });
}

function accented(name: string): string | undefined {
  const accent = ACCENTS[name.slice(1).toLowerCase()];
  return accent === undefined ? undefined : `${name.slice(0, 1)}${accent}`.normalize('NFC');
}

/** True for a page for people: a login, a maintenance, an error, whatever its status says. */
export function isPage(bytes: Uint8Array): boolean {
  return /^[\s\uFEFF]*(?:<!doctype html|<html|<head|<body)/i.test(Buffer.from(bytes.subarray(0, 512)).toString('latin1').replace(/^\u00EF\u00BB\u00BF/, ''));
}
