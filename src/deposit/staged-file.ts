import type { BlobStore, BlobWriter, StagedBlob } from '../blobs/blob-store.js';
import { readPes } from '../formats/pes/read-pes.js';
import type { PesReport } from '../formats/pes/pes-report.js';

/** A file whose bytes arrived whole and are not kept yet. */
export interface StagedFile {
  readonly filename: string;
  readonly title: string;
  readonly blob: StagedBlob;
  /** What it says, where it was read as PES. */
  readonly pes: PesReport | null;
}

export interface StagingOptions {
  readonly blobs: BlobStore;
  readonly filename: string;
  readonly title?: string | undefined;
  readonly asPes: boolean;
}

/** Streams a file into the blob store and reads it on the way; it is in memory chunk by chunk only. Throws what the content throws, and RELAIS_BLOB_UNAVAILABLE
 * when there is no room; then nothing is left of it. The caller keeps the blob, or discards it. */
export async function stageFile(content: AsyncIterable<Uint8Array>, { blobs, filename, title = '', asPes }: StagingOptions): Promise<StagedFile> {
  const writer = blobs.create();
  const chunks = content[Symbol.asyncIterator]();
  try {
    const pes = asPes ? await readAndWrite(chunks, writer) : await write(chunks, writer);
    return { filename, title, pes, blob: await writer.finish() };
  } catch (error) {
    await writer.abort();
    // what cannot be written is not read to its end: the file that it comes from is closed
    await chunks.return?.();
    throw error;
  }
}

async function write(rest: AsyncIterator<Uint8Array>, writer: BlobWriter): Promise<null> {
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) await writer.write(bufferOf(next.value));
  return null;
}

/** What the reader leaves unread, because it has seen enough, is written all the same. */
async function readAndWrite(chunks: AsyncIterator<Uint8Array>, writer: BlobWriter): Promise<PesReport> {
  const passing: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => passing,
    async next() {
      const next = await chunks.next();
      if (next.done === true) return { done: true, value: undefined };
      await writer.write(bufferOf(next.value));
      return { done: false, value: next.value };
    },
  };
  const report = await readPes(passing);
  await write(chunks, writer);
  return report;
}

function bufferOf(chunk: Uint8Array): Buffer {
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Whether a file of a deposit for flows of accounts may be one, by its name. */
export function isFlowName(filename: string): boolean {
  return /\.xml$/i.test(filename);
}

/** Which of the files of one item is the flow: the first that looks like XML, else the first. What lies beside it belongs to it. */
export function indexOfFlow(filenames: readonly string[]): number {
  return Math.max(0, filenames.findIndex(isFlowName));
}
