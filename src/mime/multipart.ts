import { MultipartError } from './multipart-error.js';

/** Told what a multipart body holds, part after part. */
export interface PartHandler {
  /** Header names in lower case. */
  part(headers: ReadonlyMap<string, string>): void;
  data(source: Buffer, from: number, to: number): void;
  partEnd(): void;
}

/** All headers of one part, and the line of a boundary. */
const HEADER_BYTES = 8192;

/** Parts of one message: each may cost flushes of the disk. */
const PARTS = 1000;
const EMPTY = Buffer.alloc(0);

type State = 'preamble' | 'boundary' | 'headers' | 'data' | 'epilogue';

/** Takes a MIME multipart body apart (RFC 2046 §5.1) chunk by chunk, at constant memory. Throws a MultipartError. */
export class MultipartReader {
  readonly #handler: PartHandler;
  readonly #delimiter: Buffer;
  readonly #subject: string;
  /** A delimiter begins with a line end; the first one may lack it, so the body is read as if one came before. */
  #rest: Buffer = Buffer.from('\r\n');
  #state: State = 'preamble';
  #at = 0;
  #parts = 0;

  /** `subject` is what messages call the body. */
  constructor(boundary: string, handler: PartHandler, subject = 'the message') {
    if (!/^[\x20-\x7e]{1,70}$/.test(boundary)) throw malformed('the boundary of the multipart message is missing or not valid');
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
    this.#handler = handler;
    this.#subject = subject;
  }

  push(chunk: Buffer): void {
    const source = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    this.#at = 0;
    let more = true;
    while (more) more = this.#step(source);
    this.#rest = this.#at === source.length ? EMPTY : source.subarray(this.#at);
  }

  end(): void {
    if (this.#state !== 'epilogue') throw malformed('the multipart message has no closing boundary');
  }

  /** False when more bytes are needed. */
  #step(source: Buffer): boolean {
    switch (this.#state) {
      case 'preamble': return this.#content(source, false);
      case 'data': return this.#content(source, true);
      case 'boundary': return this.#boundary(source);
      case 'headers': return this.#headers(source);
      case 'epilogue': this.#at = source.length; return false;
    }
  }

  #content(source: Buffer, isPart: boolean): boolean {
    const found = source.indexOf(this.#delimiter, this.#at);
    const to = found < 0 ? Math.max(this.#at, source.length - this.#delimiter.length + 1) : found;
    if (isPart && to > this.#at) this.#handler.data(source, this.#at, to);
    this.#at = to;
    if (found < 0) return false;
    this.#at += this.#delimiter.length;
    if (isPart) this.#handler.partEnd();
    this.#state = 'boundary';
    return true;
  }

  /** What follows a delimiter: `--` at the very end, else white space and a line end. */
  #boundary(source: Buffer): boolean {
    if (source.length < this.#at + 2) return false;
    if (source.toString('latin1', this.#at, this.#at + 2) === '--') {
      this.#state = 'epilogue';
      return true;
    }
    const end = source.indexOf('\r\n', this.#at, 'latin1');
    if (end < 0) return this.#bounded(source);
    if (source.toString('latin1', this.#at, end).trim() !== '') throw malformed('a boundary of the multipart message is followed by other text');
    // the line end stays: headers are read as "\r\nname: value" lines, of which there may be none
    this.#at = end;
    this.#state = 'headers';
    return true;
  }

  #headers(source: Buffer): boolean {
    const end = source.indexOf('\r\n\r\n', this.#at, 'latin1');
    if (end < 0 || end - this.#at > HEADER_BYTES) return this.#bounded(source);
    const shared = end + 2 + this.#delimiter.length;
    if (source.length < shared) return false;
    this.#parts += 1;
    if (this.#parts > PARTS) throw new MultipartError(`${this.#subject} exceeds a limit: parts of the multipart message, at most ${PARTS}`, 'limit');
    this.#handler.part(parseHeaders(source.toString('utf8', this.#at, end)));
    // some writers let the blank line of an empty part be the line end of the delimiter
    this.#at = this.#delimiter.compare(source, end + 2, shared) === 0 ? end + 2 : end + 4;
    this.#state = 'data';
    return true;
  }

  #bounded(source: Buffer): boolean {
    if (source.length - this.#at > HEADER_BYTES) {
      throw new MultipartError(`${this.#subject} exceeds a limit: headers of a part, at most ${HEADER_BYTES} bytes`, 'limit');
    }
    return false;
  }
}

function parseHeaders(text: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

function malformed(message: string): MultipartError {
  return new MultipartError(message, 'malformed');
}
