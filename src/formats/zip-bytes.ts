import { ZipFailure } from './zip-failure.js';

/** Bytes that come in chunks, taken by measure. */
export interface ZipBytes {
  /** Exactly so many. Throws ZipFailure where the source ends before. */
  take(length: number): Promise<Buffer>;
  /** So many without moving on, or fewer at the end of the source. */
  peek(length: number): Promise<Buffer>;
  /** The next few, at most `limit`; undefined at the end. */
  some(limit?: number): Promise<Buffer | undefined>;
  /** Puts what was taken too many back in front. */
  giveBack(bytes: Buffer): void;
  /** Ends the source, whatever is left of it. */
  close(): Promise<void>;
}

export function zipBytes(source: AsyncIterable<Uint8Array>): ZipBytes {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  /** False at the end of the source. */
  async function more(): Promise<boolean> {
    const next = await chunks.next();
    if (next.done === true) return false;
    const chunk = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    return true;
  }

  function pass(length: number): Buffer {
    const taken = held.subarray(0, length);
    held = held.subarray(length);
    return taken;
  }

  return {
    async take(length) {
      while (held.length < length) if (!await more()) throw new ZipFailure('cut', 'The archive ends too soon.');
      return pass(length);
    },
    async peek(length) {
      while (held.length < length) if (!await more()) break;
      return held.subarray(0, length);
    },
    async some(limit = Number.MAX_SAFE_INTEGER) {
      while (held.length === 0) if (!await more()) return undefined;
      return pass(Math.min(limit, held.length));
    },
    giveBack(bytes) {
      held = held.length === 0 ? bytes : Buffer.concat([bytes, held]);
    },
    async close() {
      await chunks.return?.();
    },
  };
}
