import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { multipartBody } from '../../src/connector-api/multipart.js';
import type { Annex } from '../../src/domain/item.js';
import type { PastellSettings } from './config.js';
import { documentPath } from './documents.js';
import { valueOf, type Session } from './session.js';

/** One chunk is held in memory. As large as those of the pages of Pastell. */
const CHUNK_BYTES = 2 ** 20;

/** A file of a draft: where it goes, and under what name. */
export interface DraftFile {
  readonly field: string;
  /** From 0, in the order of the field. */
  readonly number: number;
  readonly annex: Annex;
  readonly filename: string;
}

/** Puts a file in its place; what stood there is replaced. In chunks where it is large and Pastell takes them (contracts/pastell.md §4.4). */
export async function sendFile(session: Session, id: string, file: DraftFile, { chunkAbove }: Pick<PastellSettings, 'chunkAbove'>, context: ConnectorContext): Promise<void> {
  const { annex: { size } } = file;
  if (size > chunkAbove && (await session.release()).isAtLeast(4, 1)) await sendInChunks(session, id, file, context);
  else await sendWhole(session, id, file, context);
}

async function sendWhole({ api, entity }: Session, id: string, { field, number, annex, filename }: DraftFile, context: ConnectorContext): Promise<void> {
  const body = multipartBody([{ name: 'file_name', text: filename, mediaType: 'text/plain; charset=utf-8' }, { name: 'file_content', annex, filename }], context);
  valueOf(await api.call({ method: 'POST', path: documentPath({ entity }, id, 'file', field, number), body, bytes: annex.size }), `the file «${annex.filename}»`);
}

/** One after the other: there is no word by which two files of a field could be told apart. */
async function sendInChunks({ api, entity }: Session, id: string, { field, number, annex, filename }: DraftFile, context: ConnectorContext): Promise<void> {
  const total = Math.ceil(annex.size / CHUNK_BYTES);
  let chunk = 0;
  for await (const pieces of inChunks(annexContent(annex, context) as AsyncIterable<Buffer>)) {
    chunk += 1;
    const body = chunkForm({ file_name: filename, chunk_number: String(chunk), total_chunks: String(total), total_size: String(annex.size) }, pieces, filename);
    valueOf(await api.call({ method: 'POST', path: documentPath({ entity }, id, 'chunk', field, number), body, bytes: CHUNK_BYTES }), `chunk ${chunk} of ${total} of «${annex.filename}»`);
  }
}

/** The bytes in chunks of one size, the last as it comes; each in the pieces in which it was read. */
async function* inChunks(content: AsyncIterable<Buffer>): AsyncGenerator<readonly Buffer[]> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const piece of content) {
    let rest = piece;
    while (size + rest.length >= CHUNK_BYTES) {
      const taken = CHUNK_BYTES - size;
      yield [...held, rest.subarray(0, taken)];
      rest = rest.subarray(taken);
      [held, size] = [[], 0];
    }
    held.push(rest);
    size += rest.length;
  }
  if (size > 0) yield held;
}

function chunkForm(fields: Readonly<Record<string, string>>, content: readonly Buffer[], filename: string): { readonly headers: Readonly<Record<string, string>>; readonly body: Readable } {
  const boundary = `relais-${randomUUID()}`;
  const texts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
  const name = filename.replace(/["\r\n]/g, (character) => encodeURIComponent(character));
  const head = `${texts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const parts = [Buffer.from(head), ...content, Buffer.from(`\r\n--${boundary}--\r\n`)];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return { headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(length) }, body: Readable.from(parts, { objectMode: false }) };
}
