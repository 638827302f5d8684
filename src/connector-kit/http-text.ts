import type { IncomingMessage } from 'node:http';
import type { HttpReply } from './http-simulator.js';

/** What people and connectors write is short; files are read otherwise. */
const MOST_BYTES = 1024 * 1024;

export function jsonReply(content: object, status = 200): HttpReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(content) };
}

/** The body of a request as a text, at most 1 MiB. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`the body of ${request.url ?? ''} is longer than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
