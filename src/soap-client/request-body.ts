import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Refused } from '../connector-api/failures.js';
import { base64Length, base64Of } from '../mime/base64-encoder.js';
import { XOP } from '../soap/mtom.js';
import type { MessagePiece } from './request-encoder.js';
import type { OutgoingFile } from './values.js';

/** A body with its headers; `content-length` is exact. */
export interface RequestBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | Readable;
}

/** How the port of a service takes files: in the envelope as base64, or beside it as parts (MTOM). */
export type Port = 'plain' | 'mtom';

/** Files are read while the body is, one after the other. It fails with what a file fails with, and with Refused for one that
 * does not have its size: the other side never gets a whole request that is wrong. */
export function requestBody(pieces: readonly MessagePiece[], port: Port): RequestBody {
  const files = pieces.filter((piece) => typeof piece !== 'string');
  if (files.length === 0) return textBody(pieces.filter((piece) => typeof piece === 'string').join(''));
  return port === 'plain' ? plainBody(pieces) : mtomBody(pieces, files);
}

function textBody(text: string): RequestBody {
  const body = Buffer.from(text, 'utf8');
  return { headers: headersOf('text/xml; charset=utf-8', body.length), body };
}

function plainBody(pieces: readonly MessagePiece[]): RequestBody {
  const length = pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : base64Length(piece.size)), 0);
  return { headers: headersOf('text/xml; charset=utf-8', length), body: bodyOf(pieces, (file) => base64Of(bytesOf(file))) };
}

/** The envelope first, then one part for each file in the order of the envelope (XOP §4, SOAP 1.1 binding of MTOM §2). */
function mtomBody(pieces: readonly MessagePiece[], files: readonly OutgoingFile[]): RequestBody {
  const unique = randomUUID();
  const boundary = `relais-${unique}`;
  const ids = new Map(files.map((file, index) => [file, `file-${index + 1}-${unique}@relais`]));
  const root = `root-${unique}@relais`;
  const envelope = pieces.map((piece) => (typeof piece === 'string' ? piece : `<xop:Include xmlns:xop="${XOP}" href="cid:${ids.get(piece) ?? ''}"/>`)).join('');
  const parts: MessagePiece[] = [`--${boundary}\r\n${partHeaders('application/xop+xml; charset=UTF-8; type="text/xml"', '8bit', root)}${envelope}`];
  for (const [file, id] of ids) parts.push(`\r\n--${boundary}\r\n${partHeaders(file.contentType, 'binary', id)}`, file);
  parts.push(`\r\n--${boundary}--\r\n`);
  const length = parts.reduce((sum, part) => sum + (typeof part === 'string' ? Buffer.byteLength(part) : part.size), 0);
  const type = `multipart/related; type="application/xop+xml"; start="<${root}>"; start-info="text/xml"; boundary="${boundary}"`;
  return { headers: headersOf(type, length), body: bodyOf(parts, bytesOf) };
}

/** A type that would break out of its line is none. */
function partHeaders(contentType: string, encoding: string, id: string): string {
  return `Content-Type: ${/[\r\n]/.test(contentType) ? 'application/octet-stream' : contentType}\r\nContent-Transfer-Encoding: ${encoding}\r\nContent-ID: <${id}>\r\n\r\n`;
}

function headersOf(contentType: string, length: number): Record<string, string> {
  return { 'content-type': contentType, 'content-length': String(length) };
}

function bodyOf(pieces: readonly MessagePiece[], write: (file: OutgoingFile) => AsyncIterable<Buffer>): Readable {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const piece of pieces) {
      if (typeof piece === 'string') yield Buffer.from(piece, 'utf8');
      else yield* write(piece);
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}

async function* bytesOf(file: OutgoingFile): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of file.open() as AsyncIterable<Buffer>) {
    sent += chunk.length;
    if (sent > file.size) throw wrongSize(file, `more than ${file.size}`);
    yield chunk;
  }
  if (sent !== file.size) throw wrongSize(file, String(sent));
}

function wrongSize({ contentType, size }: OutgoingFile, found: string): Refused {
  return new Refused(`A file (${contentType}) has ${found} bytes, and ${size} were announced: it changed while it was sent. Retry.`);
}
