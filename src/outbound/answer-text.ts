import type { Readable } from 'node:stream';
import { OutcomeUnknown } from '../connector-api/failures.js';

const DEFAULT_LIMIT = 1024 * 1024;

/** An answer as UTF-8, after decompression. Throws OutcomeUnknown when it is longer than `limit` bytes or cut. */
export async function readText(body: Readable, limit = DEFAULT_LIMIT, origin: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new OutcomeUnknown(`The answer of ${origin} was cut.`, { cause: error });
  }
  if (size > limit) throw new OutcomeUnknown(`The answer of ${origin} is longer than ${limit} bytes.`);
  return Buffer.concat(chunks).toString('utf8');
}
