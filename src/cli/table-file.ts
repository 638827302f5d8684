import { readFile, stat } from 'node:fs/promises';
import { RelaisError } from '../errors.js';

/** A hundred thousand links are some ten megabytes. */
const MAX_BYTES = 64 * 1024 * 1024;

/** The text of a file that people exported: UTF-8 or UTF-16 with its mark, UTF-8 without, or else what Windows writes in the West.
 * Throws RELAIS_COMMAND_USAGE. */
export async function readTextFile(file: string): Promise<string> {
  const bytes = await readBytes(file);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

async function readBytes(file: string): Promise<Buffer> {
  const size = await stat(file).then((found) => found.size, () => null);
  if (size === null) throw new RelaisError('RELAIS_COMMAND_USAGE', `${file}: found no such file, expected one that can be read`);
  if (size > MAX_BYTES) throw new RelaisError('RELAIS_COMMAND_USAGE', `${file}: found ${size} bytes, expected at most ${MAX_BYTES}; import it in parts`);
  return readFile(file);
}

/** A row of a table. */
export interface TableRow {
  /** Where it begins, from 1. */
  readonly line: number;
  /** Trimmed. */
  readonly cells: readonly string[];
}

/** Rows of a CSV text (RFC 4180), with `,`, `;` or tabs between cells, whichever its first line has most of. Rows without any value are
 * passed over; where a quote is never closed, the rest is one cell. */
export function* tableRows(text: string): Generator<TableRow> {
  const separator = separatorOf(text);
  let [at, line] = [0, 1];
  while (at < text.length) {
    const cells: string[] = [];
    const first = line;
    for (let isOpen = true; isOpen;) {
      const cell = cellAt(text, at, separator);
      cells.push(cell.value.trim());
      line += text.slice(at, cell.end).split('\n').length - 1;
      at = cell.end + 1;
      isOpen = text[cell.end] === separator;
    }
    if (text[at - 1] === '\n') line += 1;
    if (cells.some((value) => value !== '')) yield { line: first, cells };
  }
}

/** One cell, and where the separator, the line end or the end of the text after it stands. */
function cellAt(text: string, from: number, separator: string): { readonly value: string; readonly end: number } {
  const [blank = ''] = /[^\S\n]*/y.exec(text.slice(from, from + 100)) ?? [];
  if (text[from + blank.length] !== '"') return { value: text.slice(from, endOf(text, from, separator)), end: endOf(text, from, separator) };
  let close = from + blank.length + 1;
  while (close < text.length && (text[close] !== '"' || text[close + 1] === '"')) close += text[close] === '"' ? 2 : 1;
  return { value: text.slice(from + blank.length + 1, close).replaceAll('""', '"'), end: endOf(text, close, separator) };
}

function endOf(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n') at += 1;
  return at;
}

function separatorOf(text: string): string {
  const [header = ''] = text.split('\n', 1);
  const counted = [',', ';', '\t'].map((separator) => ({ separator, count: header.split(separator).length }));
  return counted.reduce((most, one) => (one.count > most.count ? one : most)).separator;
}
