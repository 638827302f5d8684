import type { Readable } from 'node:stream';
import { answerBytes } from '../connector-api/answer-bytes.js';

const DEFAULT_LIMIT = 1024 * 1024;

/** An answer as UTF-8, after decompression. Throws OutcomeUnknown when it is longer than `limit` bytes or cut. */
export async function readText(body: Readable, limit = DEFAULT_LIMIT, origin: string): Promise<string> {
  return (await answerBytes({ body }, limit, origin)).toString('utf8');
}
