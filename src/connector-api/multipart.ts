import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Annex } from '../domain/item.js';
import { annexContent } from './annex-content.js';
import type { ConnectorContext } from './connector.js';

/** A part of a form: a text of ours, or a file of the item, under another name where one is given. */
export type FormPart =
  | { readonly name: string; readonly text: string; readonly mediaType: string; readonly filename?: string }
  | { readonly name: string; readonly annex: Annex; readonly filename?: string };

export interface MultipartBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

export interface MultipartOptions {
  /** Of names, file names and texts; UTF-8 if not given. In `latin1` every character must be one of ISO-8859-1: the others are to be replaced before. */
  readonly encoding?: 'utf8' | 'latin1';
}

/** A multipart/form-data body (RFC 7578). Streamed, of known length; files are checked on the way (annexContent). */
export function multipartBody(parts: readonly FormPart[], context: Pick<ConnectorContext, 'blobs' | 'signal'>, { encoding = 'utf8' }: MultipartOptions = {}): MultipartBody {
  const boundary = `relais-${randomUUID()}`;
  const heads = parts.map((part, index) => Buffer.from(`${index === 0 ? '' : '\r\n'}--${boundary}\r\n${partHeaders(part)}\r\n\r\n`, encoding));
  const end = `\r\n--${boundary}--\r\n`;
  const length = parts.reduce((sum, part, index) => sum + (heads[index]?.length ?? 0) + sizeOf(part, encoding), Buffer.byteLength(end));

  async function* bytes(): AsyncGenerator<Buffer> {
    for (const [index, part] of parts.entries()) {
      yield heads[index] ?? Buffer.alloc(0);
      if ('annex' in part) yield* annexContent(part.annex, context) as AsyncIterable<Buffer>;
      else yield Buffer.from(part.text, encoding);
    }
    yield Buffer.from(end);
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(length) },
    body: Readable.from(bytes(), { objectMode: false }),
  };
}

function sizeOf(part: FormPart, encoding: 'utf8' | 'latin1'): number {
  return 'annex' in part ? part.annex.size : Buffer.byteLength(part.text, encoding);
}

/** Names are written as browsers write them: quotes and line breaks percent-encoded, the rest as it is. */
function partHeaders(part: FormPart): string {
  const filename = part.filename ?? ('annex' in part ? part.annex.filename : undefined);
  const type = 'annex' in part ? part.annex.mediaType : part.mediaType;
  const named = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
  return `Content-Disposition: form-data; name="${quoted(part.name)}"${named}\r\nContent-Type: ${/^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream'}`;
}

function quoted(name: string): string {
  return name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
}
