import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.js';

export interface BodyLimits {
  readonly maxBytes: number;
  /** A body that brings nothing for so long is given up, milliseconds. */
  readonly idleMs: number;
  /** Aborts when the body is not wanted any more. */
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes came so far. */
  readonly onBytes?: (received: number) => void;
}

/** The body of a request as it comes; what is left unread stays unread, and the connection can be answered. Throws a Problem: over `maxBytes`, cut off, or
 * idle for too long. */
export async function* bodyOf(request: IncomingMessage, { maxBytes, idleMs, signal, onBytes }: BodyLimits): AsyncGenerator<Buffer> {
  const chunks = request.iterator({ destroyOnReturn: false });
  let received = 0;
  for (;;) {
    const next = await within(chunks.next() as Promise<IteratorResult<Buffer, unknown>>, idleMs, signal).catch((error: unknown) => { throw error instanceof Problem ? error : cut('the connection was closed before the end of the body'); });
    if (next.done === true) break;
    received += next.value.length;
    if (received > maxBytes) throw new Problem(413, 'too-large', `The content is larger than ${maxBytes} bytes, the most that this deposit takes.`);
    onBytes?.(received);
    yield next.value;
  }
  if (!request.complete) throw cut('the connection was closed before the end of the body');
}

/** Refuses what the headers announce before any of it is read: too much, or compressed. Returns the announced length, null where there is none. */
export function announcedLength(request: IncomingMessage, maxBytes: number): number | null {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding !== 'identity' && encoding !== '') throw new Problem(415, 'media-type', `The content encoding is "${encoding.slice(0, 40)}"; expected none.`);
  if (request.headers['content-range'] !== undefined) throw new Problem(400, 'request', 'A part of a file cannot be put by Content-Range; resumable uploads are described in the OpenAPI document.');
  const length = request.headers['content-length'];
  if (length === undefined) return request.headers['transfer-encoding'] === undefined ? 0 : null;
  if (Number(length) > maxBytes) throw new Problem(413, 'too-large', `The content is ${Number(length)} bytes; this deposit takes ${maxBytes} at most.`);
  return Number(length);
}

function cut(why: string): Problem {
  return new Problem(408, 'cut', `The content was given up: ${why}.`);
}

function within<Value>(promise: Promise<Value>, ms: number, signal: AbortSignal | undefined): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { settle(() => { reject(cut(`it brought nothing for ${ms / 1000} s`)); }); }, ms);
    const onAbort = (): void => { settle(() => { reject(cut('another request goes on with this upload')); }); };
    function settle(how: () => void): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      how();
    }
    signal?.addEventListener('abort', onAbort);
    promise.then((value) => { settle(() => { resolve(value); }); }, (error: unknown) => { settle(() => { reject(error instanceof Error ? error : new Error(String(error))); }); });
    if (signal?.aborted === true) onAbort();
  });
}
