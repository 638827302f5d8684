import type { BlobStore, StagedBlob } from '../blobs/blob-store.js';
import { MessageRefused } from './outcome.js';

/** The header of a message may have so many bytes; those of people have a tenth of it. */
export const HEADER_BYTES = 256 * 1024;
/** What an mbox writes before a message, and procmail hands over with it. */
const ENVELOPE = Buffer.from('From ');

/** A message on its way to being read. */
export interface StagedMessage {
  readonly blob: StagedBlob;
  /** The header, with the empty line that ends it. */
  readonly header: Buffer;
}

/** Streams a message into the blob store, and keeps its header apart. Throws MessageRefused for one that is larger than `limit` bytes or has a
 * header that does not end, RELAIS_BLOB_UNAVAILABLE, and what the source throws; then nothing of it is left. */
export async function stageMessage(source: AsyncIterable<Uint8Array>, blobs: BlobStore, limit: number): Promise<StagedMessage> {
  const writer = blobs.create();
  let head = Buffer.alloc(0);
  let end = -1;
  let size = 0;
  try {
    for await (const chunk of withoutEnvelope(source)) {
      size += chunk.length;
      if (size > limit) throw new MessageRefused('too-large');
      if (end < 0) {
        // what was looked through is not looked through again, but for a line break that the chunks may have split
        const from = Math.max(0, head.length - 3);
        head = Buffer.concat([head, chunk]);
        end = endOfHeader(head, from);
        if (end < 0 && head.length > HEADER_BYTES) throw new MessageRefused('too-large');
      }
      // the writer owns what it is given
      await writer.write(Buffer.from(chunk));
    }
    return { header: head.subarray(0, end < 0 ? head.length : end), blob: await writer.finish() };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

/** Where the empty line after the header ends; -1: not yet. */
function endOfHeader(head: Buffer, from: number): number {
  const [windows, unix] = [head.indexOf('\r\n\r\n', from), head.indexOf('\n\n', from)];
  if (windows < 0 && unix < 0) return -1;
  return windows >= 0 && (unix < 0 || windows < unix) ? windows + 4 : unix + 2;
}

async function* withoutEnvelope(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let begun: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (begun === null) {
      yield bytes;
      continue;
    }
    begun = Buffer.concat([begun, bytes]);
    const isEnvelope = begun.subarray(0, ENVELOPE.length).equals(ENVELOPE.subarray(0, begun.length));
    const lineEnd = begun.indexOf('\n');
    if (isEnvelope && lineEnd < 0 && begun.length <= HEADER_BYTES) continue;
    yield isEnvelope ? begun.subarray(lineEnd + 1) : begun;
    begun = null;
  }
  if (begun !== null && begun.length > 0) yield begun;
}
