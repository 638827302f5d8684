import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { partName } from './mapping.js';

export interface MultipartBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** A multipart/form-data body (RFC 7578): the part `item`, then a part for each file. Streamed, of known length. */
export function multipartBody(text: string, annexes: readonly Annex[], context: Pick<ConnectorContext, 'blobs' | 'signal'>): MultipartBody {
  const boundary = `relais-${randomUUID()}`;
  const start = `--${boundary}\r\nContent-Disposition: form-data; name="item"\r\nContent-Type: application/json\r\n\r\n${text}`;
  const files = annexes.map((annex, index) => ({ annex, head: `\r\n--${boundary}\r\n${fileHeaders(annex, partName(index))}\r\n\r\n` }));
  const end = `\r\n--${boundary}--\r\n`;
  const length = files.reduce((sum, { annex, head }) => sum + Buffer.byteLength(head) + annex.size, Buffer.byteLength(start) + Buffer.byteLength(end));

  async function* bytes(): AsyncGenerator<Buffer> {
    yield Buffer.from(start);
    for (const { annex, head } of files) {
      yield Buffer.from(head);
      yield* annexContent(annex, context) as AsyncIterable<Buffer>;
    }
    yield Buffer.from(end);
  }
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(length) },
    body: Readable.from(bytes(), { objectMode: false }),
  };
}

/** Names are written as browsers write them: quotes and line breaks percent-encoded, the rest as UTF-8. */
function fileHeaders({ filename, mediaType }: Annex, name: string): string {
  const quoted = filename.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(mediaType) ? mediaType : 'application/octet-stream';
  return `Content-Disposition: form-data; name="${name}"; filename="${quoted}"\r\nContent-Type: ${type}`;
}
