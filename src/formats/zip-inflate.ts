import { createInflateRaw } from 'node:zlib';
import type { ZipBytes } from './zip-bytes.js';
import { ZipFailure } from './zip-failure.js';

/** What one deflated entry holds; `bytes` stands behind it afterwards, wherever it ends: deflate tells its own end, so that
 * the length need not be known (data descriptors). `inflated` is told how many bytes went in. */
export async function* inflateEntry(bytes: ZipBytes, name: string, consumed: (size: number) => void): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw();
  const feeding = feed(bytes, inflate).catch((error: unknown) => { inflate.destroy(error instanceof Error ? error : new Error(String(error))); });
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      yield chunk;
      consumed(inflate.bytesWritten);
    }
    consumed(inflate.bytesWritten);
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')) throw new ZipFailure('damaged', `«${name}» cannot be uncompressed.`, { cause: error });
    throw error;
  } finally {
    inflate.destroy();
    await feeding;
  }
}

type Inflate = ReturnType<typeof createInflateRaw>;

/** Gives chunk by chunk, so that what the last one holds beyond the end is known, and given back. */
async function feed(bytes: ZipBytes, inflate: Inflate): Promise<void> {
  let given = 0;
  let last: Buffer = Buffer.alloc(0);
  while (!inflate.readableEnded && !inflate.destroyed) {
    const chunk = await bytes.some();
    if (chunk === undefined) throw new ZipFailure('cut', 'The archive ends too soon.');
    given += chunk.length;
    last = chunk;
    if (!await written(inflate, chunk)) break;
    if (inflate.bytesWritten < given) break;
  }
  bytes.giveBack(last.subarray(Math.max(0, last.length - (given - inflate.bytesWritten))));
}

/** False when it was ended before it took the chunk. */
function written(inflate: Inflate, chunk: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    const closed = () => { resolve(false); };
    inflate.once('close', closed);
    inflate.write(chunk, (error) => {
      inflate.off('close', closed);
      resolve(error === undefined || error === null);
    });
  });
}
