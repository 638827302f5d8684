import type { IncomingMessage, ServerResponse } from 'node:http';
import { isWaitingForContinue } from './expect-continue.js';

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection cannot be used again whatever is left of the body. */
  readonly mustClose?: boolean;
}

export const SOAP_CONTENT_TYPE = 'text/xml; charset=utf-8';

/** A body of which so much may be left is read to its end, so that the connection can be used again. */
const DRAIN_BYTES = 65_536;
/** A bigger one is taken for so long after the answer, so that a caller busy sending gets to read it; then the line is cut. */
const LINGER_BYTES = 8 * 1024 * 1024;
const LINGER_MS = 2000;

/** Sends a whole answer, whether or not the body of the request was read. Resolves when the response has ended. */
export async function answer(request: IncomingMessage, response: ServerResponse, { status, headers, body, mustClose }: HttpAnswer): Promise<void> {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Type', SOAP_CONTENT_TYPE);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (mustClose !== true && isReusable(request)) {
    request.resume();
    response.end(body);
    return;
  }
  response.setHeader('Connection', 'close');
  response.write(body);
  await linger(request);
  response.end();
}

function isReusable(request: IncomingMessage): boolean {
  if (request.complete) return true;
  return !isWaitingForContinue(request) && Number(request.headers['content-length'] ?? Infinity) <= DRAIN_BYTES;
}

function linger(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let taken = 0;
    const timer = setTimeout(done, LINGER_MS);
    function done(): void {
      clearTimeout(timer);
      request.off('data', count).off('end', done).off('close', done).off('error', done);
      resolve();
    }
    function count(chunk: Buffer): void {
      taken += chunk.length;
      if (taken > LINGER_BYTES) done();
    }
    request.on('data', count).on('end', done).on('close', done).on('error', done);
    request.resume();
    if (request.destroyed) done();
  });
}
