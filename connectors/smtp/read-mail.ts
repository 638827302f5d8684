import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** A mail as its receiver reads it. */
export interface ReadMail {
  /** By their name in lower case, decoded. */
  readonly headers: Headers;
  readonly text?: string;
  readonly html?: string;
  /** SHA-256 of what is attached. */
  readonly attachments: readonly string[];
}

type Headers = ReadonlyMap<string, string>;

interface Part {
  readonly headers: Headers;
  /** Lines of a text that is not attached. */
  readonly lines: string[];
  readonly attached: Hash | undefined;
}

/** Where the reading is: lines of headers, or of a part, or between parts. */
interface Reading {
  headers: string[] | undefined;
  part: Part | undefined;
  readonly parts: Part[];
  readonly boundaries: Set<string>;
  top: Headers | undefined;
}

/** Reads a mail that was kept as it came over the wire, with what is attached never whole in memory. It understands the MIME
 * that this connector writes, no more. */
export async function readMail(file: string): Promise<ReadMail> {
  const reading: Reading = { headers: [], part: undefined, parts: [], boundaries: new Set(), top: undefined };
  for await (const line of createInterface({ input: createReadStream(file, 'latin1'), crlfDelay: Infinity })) {
    // The protocol doubles a dot at the start of a line.
    readLine(reading, line.startsWith('.') ? line.slice(1) : line);
  }
  const textOf = (type: string) => reading.parts.filter(({ headers, attached }) => attached === undefined && typeOf(headers) === type).map(decodedText)[0];
  const [text, html] = [textOf('text/plain'), textOf('text/html')];
  return {
    headers: reading.top ?? new Map<string, string>(),
    attachments: reading.parts.flatMap(({ attached }) => attached?.digest('hex') ?? []),
    ...(text !== undefined && { text }), ...(html !== undefined && { html }),
  };
}

function readLine(reading: Reading, line: string): void {
  if (reading.headers !== undefined) {
    if (line === '') beginPart(reading, headersIn(reading.headers));
    else reading.headers.push(line);
    return;
  }
  const closing = line.startsWith('--') && line.endsWith('--');
  if (reading.boundaries.has(line) || (closing && reading.boundaries.has(line.slice(0, -2)))) {
    reading.part = undefined;
    if (!closing) reading.headers = [];
    return;
  }
  if (reading.part?.attached !== undefined) reading.part.attached.update(Buffer.from(line, 'base64'));
  else reading.part?.lines.push(line);
}

function beginPart(reading: Reading, headers: Headers): void {
  reading.headers = undefined;
  reading.top ??= headers;
  const boundary = /;\s*boundary="?([^";]+)"?/i.exec(headers.get('content-type') ?? '')?.[1];
  if (boundary !== undefined) {
    reading.boundaries.add(`--${boundary}`);
    return;
  }
  const isAttached = headers.get('content-disposition')?.startsWith('attachment') === true;
  reading.part = { headers, lines: [], attached: isAttached ? createHash('sha256') : undefined };
  reading.parts.push(reading.part);
}

/** A header that is continued begins its next line with white space. */
function headersIn(lines: readonly string[]): Headers {
  const whole = lines.join('\n').replace(/\n[ \t]+/g, ' ').split('\n');
  return new Map(whole.map((line) => {
    const cut = line.indexOf(':');
    return [line.slice(0, cut).toLowerCase(), decodedWords(line.slice(cut + 1).trim())];
  }));
}

/** Encoded words (RFC 2047): the space between two of them is none. */
function decodedWords(text: string): string {
  return text.replace(/\?=\s+=\?/g, '?==?').replace(/(?:=\?utf-8\?[QB]\?[^?]*\?=)+/gi, (words) => {
    const bytes = [...words.matchAll(/=\?utf-8\?([QB])\?([^?]*)\?=/gi)].map(([, kind = '', word = '']) => (
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64') : unquoted(word.replaceAll('_', ' '))));
    return Buffer.concat(bytes).toString('utf8');
  });
}

function typeOf(headers: Headers): string {
  return (headers.get('content-type') ?? 'text/plain').split(';')[0]?.trim().toLowerCase() ?? '';
}

function decodedText({ headers, lines }: Part): string {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase();
  if (encoding === 'base64') return Buffer.from(lines.join(''), 'base64').toString('utf8');
  const text = lines.join('\n');
  return encoding === 'quoted-printable' ? unquoted(text.replaceAll('=\n', '')).toString('utf8') : Buffer.from(text, 'latin1').toString('utf8');
}

function unquoted(text: string): Buffer {
  return Buffer.from(text.replace(/=([0-9A-F]{2})/gi, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 16))), 'latin1');
}
