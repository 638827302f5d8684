import { zipEntries } from '../zip-entries.js';
import { ZipFailure } from '../zip-failure.js';

const LIMITS = { entries: 50, bytes: 16 * 1024 * 1024 };

export function isArchive(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'));
}

/** The signatures in a zip, whatever they are called, or why it cannot be read. */
export async function unpackSignatures(archive: Buffer): Promise<readonly Buffer[] | string> {
  const found: Buffer[] = [];
  try {
    for await (const { content } of zipEntries(piece(archive), LIMITS)) {
      const chunks: Buffer[] = [];
      for await (const chunk of content) chunks.push(chunk);
      found.push(Buffer.concat(chunks));
    }
  } catch (error) {
    if (!(error instanceof ZipFailure)) throw error;
    return `the archive of signatures cannot be read: ${error.message}`;
  }
  return found.length > 0 ? found : 'the archive of signatures is empty';
}

async function* piece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}
