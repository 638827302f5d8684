import { gunzipSync, constants } from 'node:zlib';
import { Base64Decoder, Base64Error } from '../../xml/base64-decoder.js';

export type AttachmentContent = 'gzip' | 'empty' | 'not base64' | 'not gzip';

/** So much of the compressed bytes is looked into, and so much may come out of it: enough to know gzip from what only looks like it. */
const LOOKED_INTO = 4096;
const COMES_OUT = 1_048_576;

/** Smallest gzip file: its header and its end (RFC 1952 §2.2). */
const SMALLEST = 18;

/** Looks whether text that comes in pieces is gzip in base64 (contracts/pes-actes-formats.md §A3). Only its beginning is decompressed,
 * so that a small attachment that grows without end costs nothing. */
export function createGzipCheck() {
  const decoder = new Base64Decoder();
  const head: Buffer[] = [];
  let kept = 0;
  let bytes = 0;
  let encodedBytes = 0;
  let isBase64 = true;

  function push(source: Buffer, from: number, to: number): void {
    encodedBytes += to - from;
    if (!isBase64) return;
    const decoded = decode(() => decoder.push(source.toString('latin1', from, to)));
    bytes += decoded.length;
    if (kept >= LOOKED_INTO || decoded.length === 0) return;
    const wanted = Buffer.from(decoded.subarray(0, LOOKED_INTO - kept));
    kept += wanted.length;
    head.push(wanted);
  }

  function decode(step: () => Buffer): Buffer {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof Base64Error)) throw error;
      isBase64 = false;
      return Buffer.alloc(0);
    }
  }

  function result(): AttachmentContent {
    decode(() => {
      decoder.end();
      return Buffer.alloc(0);
    });
    if (!isBase64) return 'not base64';
    if (bytes === 0) return 'empty';
    return bytes >= SMALLEST && isGzip(Buffer.concat(head), bytes <= LOOKED_INTO) ? 'gzip' : 'not gzip';
  }
  return { push, result, encodedBytes: () => encodedBytes };
}

function isGzip(head: Buffer, isWhole: boolean): boolean {
  if (head[0] !== 0x1f || head[1] !== 0x8b || head[2] !== 8) return false;
  try {
    gunzipSync(head, { maxOutputLength: COMES_OUT, finishFlush: isWhole ? constants.Z_FINISH : constants.Z_SYNC_FLUSH });
    return true;
  } catch (error) {
    // more came out than is looked at: what came was proper
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
  }
}
