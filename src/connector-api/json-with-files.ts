import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Annex } from '../domain/item.js';
import { base64Length, base64Of } from '../mime/base64-encoder.js';
import { annexContent } from './annex-content.js';
import type { ConnectorContext } from './connector.js';

/** Stands in a JSON value for the base64 of an annex. */
export interface Base64OfAnnex {
  readonly base64Of: Annex;
}

export interface JsonWithFiles {
  /** Content type and length. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
  /** Length of the body. */
  readonly bytes: number;
}

/** A JSON body with files in it, each where `{ base64Of: annex }` stands, as base64 in one line. Streamed, of known length; files are
 * checked on the way (annexContent). */
export function jsonWithFiles(value: unknown, context: Pick<ConnectorContext, 'blobs' | 'signal'>): JsonWithFiles {
  const mark = randomUUID();
  const annexes: Annex[] = [];
  const text = JSON.stringify(value, (_key, member: unknown) => {
    if (!isFile(member)) return member;
    annexes.push(member.base64Of);
    return mark;
  });
  const pieces = text.split(mark).map((piece) => Buffer.from(piece));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0) + annexes.reduce((sum, { size }) => sum + base64Length(size), 0);

  async function* content(): AsyncGenerator<Buffer> {
    for (const [index, piece] of pieces.entries()) {
      yield piece;
      const annex = annexes[index];
      if (annex !== undefined) yield* base64Of(annexContent(annex, context) as AsyncIterable<Buffer>);
    }
  }
  return { headers: { 'content-type': 'application/json', 'content-length': String(length) }, body: Readable.from(content(), { objectMode: false }), bytes: length };
}

function isFile(member: unknown): member is Base64OfAnnex {
  return typeof member === 'object' && member !== null && 'base64Of' in member;
}
