import { Base64Decoder, Base64Error } from '../xml/base64-decoder.js';
import type { DeskFiles } from '../signature-desk/desk-files.js';

/** The base64 of a file that stood as `data` in a JSON body, kept in the files of the desk. */
export interface KeptData {
  readonly keptFile: string;
  readonly size: number;
}

/** A longer `data` is written away as it comes; a shorter one, which may be a text, stays as it is. */
const HELD = 64 * 1024;

/** The rest of the body, which is held in memory. */
const MOST_REST = 8 * 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A body that is no JSON, or whose file is no base64. */
export class JsonBodyError extends Error {}

/** Reads a JSON body as it streams in. Long strings under the key `data` are files in base64: they go to the files of the desk, and a
 * KeptData stands in their place. Throws JsonBodyError. */
export async function readJsonWithFiles(body: AsyncIterable<Buffer>, files: DeskFiles): Promise<unknown> {
  const scanner = createScanner(body);
  const text: Buffer[] = [];
  let rest = 0;
  let key = '';

  function take(bytes: Buffer): void {
    rest += bytes.length;
    if (rest > MOST_REST) throw new JsonBodyError(`the body is longer than ${MOST_REST} bytes without its files`);
    text.push(bytes);
  }

  for (;;) {
    const between = await scanner.untilQuote();
    take(between.bytes);
    if (between.atEnd) break;
    const isData = key === 'data' && /^\s*:\s*$/.test(between.bytes.toString('latin1'));
    const string = await scanner.string(isData ? HELD : Infinity);
    if (string.isWhole && !(isData && string.bytes.length > HELD)) {
      take(Buffer.concat([Buffer.from('"'), string.bytes, Buffer.from('"')]));
      key = string.bytes.length < 100 ? string.bytes.toString('utf8') : '';
      continue;
    }
    const kept = await files.keep(decoded(string, scanner));
    take(Buffer.from(JSON.stringify({ keptFile: kept.sha256, size: kept.size })));
    key = '';
  }
  return parsed(Buffer.concat(text).toString('utf8'));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new JsonBodyError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function* decoded(begun: Piece, scanner: Scanner): AsyncGenerator<Buffer> {
  const decoder = new Base64Decoder();
  try {
    let piece = begun;
    for (;;) {
      // some writers of JSON escape slashes
      yield decoder.push(piece.bytes.toString('latin1').replaceAll('\\', ''));
      if (piece.isWhole) break;
      piece = await scanner.string(HELD);
    }
    decoder.end();
  } catch (error) {
    throw error instanceof Base64Error ? new JsonBodyError(`file: ${error.message}`, { cause: error }) : error;
  }
}

interface Scanner {
  /** What stands before the next quotation mark, which is passed; or before the end. */
  untilQuote(): Promise<{ readonly bytes: Buffer; readonly atEnd: boolean }>;
  /** The next piece of the string in which we are: up to its end, or a little more than `most` bytes. */
  string(most: number): Promise<Piece>;
}

interface Piece {
  readonly bytes: Buffer;
  /** The string ends with it. */
  readonly isWhole: boolean;
}

function createScanner(body: AsyncIterable<Buffer>): Scanner {
  const chunks = body[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done !== true) held = next.value;
    return next.done !== true;
  }

  return {
    async untilQuote() {
      const pieces: Buffer[] = [];
      for (;;) {
        const at = held.indexOf(QUOTE);
        pieces.push(at === -1 ? held : held.subarray(0, at));
        held = at === -1 ? Buffer.alloc(0) : held.subarray(at + 1);
        if (at !== -1) return { bytes: Buffer.concat(pieces), atEnd: false };
        if (!await more()) return { bytes: Buffer.concat(pieces), atEnd: true };
      }
    },
    async string(most) {
      const pieces: Buffer[] = [];
      let size = 0;
      let isEscaped = false;
      for (;;) {
        const { end, escapes } = endOfString(held, isEscaped);
        pieces.push(end === -1 ? held : held.subarray(0, end));
        size += pieces.at(-1)?.length ?? 0;
        held = end === -1 ? Buffer.alloc(0) : held.subarray(end + 1);
        if (end !== -1) return { bytes: Buffer.concat(pieces), isWhole: true };
        isEscaped = escapes;
        if (size > most && !isEscaped) return { bytes: Buffer.concat(pieces), isWhole: false };
        if (!await more()) throw new JsonBodyError('the body ends within a string');
      }
    },
  };
}

/** Where the string ends in these bytes; whether its last byte escapes what comes after. */
function endOfString(bytes: Buffer, isEscaped: boolean): { readonly end: number; readonly escapes: boolean } {
  let from = isEscaped ? 1 : 0;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, from);
    const slash = bytes.indexOf(BACKSLASH, from);
    if (slash === -1 || (quote !== -1 && quote < slash)) return { end: quote, escapes: false };
    if (slash === bytes.length - 1) return { end: -1, escapes: true };
    from = slash + 2;
  }
}
