import { ISO_8859_15, UTF_8, WINDOWS_1252, type ByteText } from './byte-text.js';
import { XmlError } from './xml-error.js';

/** Turns the bytes of an XML document into bytes in which markup is ASCII, chunk by chunk. Both throw an XmlError of `encoding`. */
export interface MarkupConverter {
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
  /** How the bytes that came out are text. */
  readonly text: ByteText;
}

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-15';

/** ISO-8859-1 counts as windows-1252, as everywhere on the web: the two differ only where ISO-8859-1 has control
 * characters that no text holds, and callers who write quotes or the euro sign there mean windows-1252. */
const LABELS: ReadonlyMap<string, Encoding> = new Map<string, Encoding>([
  ['utf-8', 'utf-8'], ['utf8', 'utf-8'], ['us-ascii', 'utf-8'], ['ascii', 'utf-8'],
  ['iso-8859-1', 'windows-1252'], ['iso8859-1', 'windows-1252'], ['latin1', 'windows-1252'], ['latin-1', 'windows-1252'],
  ['windows-1252', 'windows-1252'], ['cp1252', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'], ['iso8859-15', 'iso-8859-15'], ['latin9', 'iso-8859-15'],
  ['utf-16', 'utf-16le'], ['utf-16le', 'utf-16le'], ['utf-16be', 'utf-16be'],
]);

/** How much of a document may come before the end of its XML declaration. */
const DECLARATION_BYTES = 1024;
const EMPTY = Buffer.alloc(0);

/** Decides by byte order mark, then XML declaration, then HTTP charset, then UTF-8 (contracts/ws4pm.md §1.4 A3: a
 * declaration is honoured whatever the header says). A declared UTF-16 that the bytes belie is passed over: text
 * written for one encoding and sent in another is common, and UTF-8 is validated. */
export function createMarkupConverter(httpCharset: string | undefined): MarkupConverter {
  let beginning: Buffer | undefined = EMPTY;
  let convert: MarkupConverter | undefined;

  function settle(isEnd: boolean): Buffer {
    const start = beginning ?? EMPTY;
    const decided = decide(start, httpCharset, isEnd);
    if (decided === undefined) return EMPTY;
    beginning = undefined;
    convert = converterOf(decided.encoding);
    return convert.push(decided.skip === 0 ? start : start.subarray(decided.skip));
  }

  return {
    push(chunk) {
      if (convert !== undefined) return convert.push(chunk);
      beginning = beginning === undefined || beginning.length === 0 ? chunk : Buffer.concat([beginning, chunk]);
      return settle(false);
    },
    end() {
      const held = convert === undefined ? settle(true) : EMPTY;
      return Buffer.concat([held, convert?.end() ?? EMPTY]);
    },
    get text() { return convert?.text ?? UTF_8; },
  };
}

interface Decision { readonly encoding: Encoding; readonly skip: number }

/** What the first bytes prove: byte order marks, and the zero byte of an ASCII character in UTF-16. */
const SIGNATURES: readonly { readonly test: (start: Buffer) => boolean; readonly decision: Decision }[] = [
  { test: (start) => start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf, decision: { encoding: 'utf-8', skip: 3 } },
  { test: (start) => start[0] === 0xff && start[1] === 0xfe, decision: { encoding: 'utf-16le', skip: 2 } },
  { test: (start) => start[0] === 0xfe && start[1] === 0xff, decision: { encoding: 'utf-16be', skip: 2 } },
  { test: (start) => start[0] === 0 && start[1] !== 0, decision: { encoding: 'utf-16be', skip: 0 } },
  { test: (start) => start[0] !== 0 && start[1] === 0, decision: { encoding: 'utf-16le', skip: 0 } },
];

/** Undefined: more bytes are needed. */
function decide(start: Buffer, httpCharset: string | undefined, isEnd: boolean): Decision | undefined {
  if (start.length < 4 && !isEnd) return undefined;
  const signature = start[0] === 0x3c && start[1] !== 0 ? undefined : SIGNATURES.find((known) => known.test(start));
  if (signature !== undefined) return signature.decision;
  const declared = declaredEncoding(start, isEnd);
  return declared === undefined ? undefined : { encoding: eightBit(declared, httpCharset), skip: 0 };
}

/** '' if none is declared; undefined if the declaration has not come whole. */
function declaredEncoding(start: Buffer, isEnd: boolean): string | undefined {
  const head = start.toString('latin1', 0, DECLARATION_BYTES);
  if (!head.startsWith('<?xm')) return '';
  const end = head.indexOf('?>');
  if (end < 0 && start.length < DECLARATION_BYTES && !isEnd) return undefined;
  return /\sencoding\s*=\s*["']([^"']*)["']/.exec(head.slice(0, Math.max(end, 0)))?.[1] ?? '';
}

/** The encoding of bytes that are plainly not UTF-16. */
function eightBit(declared: string, httpCharset: string | undefined): Encoding {
  for (const label of [declared, httpCharset ?? '']) {
    if (label === '') continue;
    const encoding = LABELS.get(label.trim().toLowerCase());
    if (encoding === undefined) {
      throw encodingError(`the encoding "${label.slice(0, 40)}" is not supported; send UTF-8, UTF-16, ISO-8859-1, ISO-8859-15 or windows-1252`);
    }
    if (!encoding.startsWith('utf-16')) return encoding;
  }
  return 'utf-8';
}

function encodingError(message: string): XmlError {
  return new XmlError(message, 'encoding');
}

function converterOf(encoding: Encoding): MarkupConverter {
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return utf16(encoding);
  return { push: (chunk) => chunk, end: () => EMPTY, text: TEXTS[encoding] };
}

const TEXTS = { 'utf-8': UTF_8, 'windows-1252': WINDOWS_1252, 'iso-8859-15': ISO_8859_15 } as const;

function utf16(encoding: 'utf-16le' | 'utf-16be'): MarkupConverter {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  function decode(chunk: Buffer, stream: boolean): Buffer {
    try {
      return Buffer.from(decoder.decode(chunk, { stream }), 'utf8');
    } catch (error) {
      throw new XmlError(`the bytes are not valid ${encoding.toUpperCase()}`, 'encoding', { cause: error });
    }
  }
  return { push: (chunk) => decode(chunk, true), end: () => decode(EMPTY, false), text: UTF_8 };
}
