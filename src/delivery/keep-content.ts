import type { BlobStore } from '../blobs/blob-store.js';
import type { Failure } from '../connector-api/failures.js';

/** What one attempt may still bring back, bytes: a partner must not fill the disk of everybody. */
export interface Room {
  left: number;
  /** What it means that there is no more. */
  readonly exceeded: (message: string) => Failure;
}

/** Keeps bytes that a remote gives back; they are on disk when it resolves. When the signal aborts, the content or the
 * disk fails, or there is more than there is room for, it rejects at once and nothing is left. */
export async function keepContent(store: Pick<BlobStore, 'create' | 'keep' | 'discard'>, content: AsyncIterable<Uint8Array>, signal: AbortSignal, room: Room): Promise<{ readonly sha256: string; readonly size: number }> {
  signal.throwIfAborted();
  const staged = await receive(store, content, signal, room);
  try {
    signal.throwIfAborted();
    await store.keep([staged]);
  } catch (error) {
    await store.discard([staged]);
    throw error;
  }
  return { sha256: staged.sha256, size: staged.size };
}

async function receive(store: Pick<BlobStore, 'create'>, content: AsyncIterable<Uint8Array>, signal: AbortSignal, room: Room): ReturnType<ReturnType<BlobStore['create']>['finish']> {
  const writer = store.create();
  const chunks = content[Symbol.asyncIterator]();
  const aborted = whenAborted(signal);
  try {
    for (;;) {
      // A content that stands still must not keep the writer open.
      const next = await Promise.race([chunks.next(), aborted.promise]);
      if (next.done === true) break;
      room.left -= next.value.length;
      if (room.left < 0) throw room.exceeded('The other side gives back more than this authority takes at once (limits.requestBytes).');
      await writer.write(Buffer.isBuffer(next.value) ? next.value : Buffer.from(next.value));
    }
    return await writer.finish();
  } catch (error) {
    await writer.abort();
    // Not awaited: where the content stands still, this does not settle either.
    void Promise.resolve(chunks.return?.()).catch(() => undefined);
    throw error;
  } finally {
    aborted.forget();
  }
}

function whenAborted(signal: AbortSignal): { readonly promise: Promise<never>; forget(): void } {
  let forget = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const onAbort = (): void => { reject(signal.reason instanceof Error ? signal.reason : new Error('It was told to stop.')); };
    signal.addEventListener('abort', onAbort, { once: true });
    forget = () => signal.removeEventListener('abort', onAbort);
  });
  // It may reject between two chunks, while nobody listens.
  promise.catch(() => undefined);
  return { promise, forget };
}
