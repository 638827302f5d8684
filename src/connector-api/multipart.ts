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

/** A multipart/form-data body (RFC 7578). Streamed, of known length; files are checked on the way (annexContent). */
export function multipartBody(parts: readonly FormPart[], context: Pick<ConnectorContext, 'blobs' | 'signal'>): MultipartBody {
  const boundary = `relais-${randomUUID()}`;
  const heads = parts.map((part, index) => `${index === 0 ? '' : '\r\n'}--${boundary}\r\n${partHeaders(part)}\r\n\r\n`);
  const end = `\r\n--${boundary}--\r\n`;
  const length = parts.reduce((sum, part, index) => sum + Buffer.byteLength(heads[index] ?? '') + sizeOf(part), Buffer.byteLength(end));

  async function* bytes(): AsyncGenerator<Buffer> {
    for (const [index, part] of parts.entries()) {
      yield Buffer.from(heads[index] ?? '');
      if ('annex' in part) yield* annexContent(part.annex, context) as AsyncIterable<Buffer>;
      else yield Buffer.from(part.text);
    }
    yield Buffer.from(end);
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(length) },
    body: Readable.from(bytes(), { objectMode: false }),
  };
}

function sizeOf(part: FormPart): number {
  return 'annex' in part ? part.annex.size : Buffer.byteLength(part.text);
}

/** Names are written as browsers write them: quotes and line breaks percent-encoded, the rest as UTF-8. */
function partHeaders(part: FormPart): string {
  const filename = part.filename ?? ('annex' in part ? part.annex.filename : undefined);
  const type = 'annex' in part ? part.annex.mediaType : part.mediaType;
  const named = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
  return `Content-Disposition: form-data; name="${quoted(part.name)}"${named}\r\nContent-Type: ${/^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : 'application/octet-stream'}`;
}

function quoted(name: string): string {
  return name.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
}
