import { Readable } from 'node:stream';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';

export interface JsonBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** Three bytes become four characters. */
const GROUP = 3;

/** A JSON object with a file in it, as base64 in `encodedFile`: streamed, of known length, never whole in memory. The file is checked on
 * the way (annexContent). */
export function jsonWithFile(members: Readonly<Record<string, unknown>>, annex: Annex, context: Pick<ConnectorContext, 'blobs' | 'signal'>): JsonBody {
  const head = Buffer.from('{"encodedFile":"');
  const tail = Buffer.from(`"${Object.keys(members).length === 0 ? '' : ','}${JSON.stringify(members).slice(1)}`);
  const length = head.length + Math.ceil(annex.size / GROUP) * 4 + tail.length;

  async function* bytes(): AsyncGenerator<Buffer> {
    yield head;
    yield* inBase64(annexContent(annex, context));
    yield tail;
  }
  return {
    headers: { 'content-type': 'application/json', 'content-length': String(length) },
    body: Readable.from(bytes(), { objectMode: false }),
  };
}

/** Pieces are cut where a group ends, so that padding stands at the very end alone. */
async function* inBase64(source: Readable): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const whole = bytes.length - bytes.length % GROUP;
    held = bytes.subarray(whole);
    if (whole > 0) yield Buffer.from(bytes.toString('base64', 0, whole), 'latin1');
  }
  if (held.length > 0) yield Buffer.from(held.toString('base64'), 'latin1');
}
