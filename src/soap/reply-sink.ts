import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { RelaisError } from '../errors.js';
import { base64Of } from '../mime/base64-encoder.js';
import type { ReplyPiece } from './reply-encoder.js';
import type { OutgoingBinary } from './service.js';

/** A reply up to this size is held back until it is whole: then it has a length, and a failure on the way is still a fault. */
const HELD_BYTES = 65_536;

/** Sends the pieces of a reply with back-pressure. Rejects with the error of the source; if `response.headersSent` is true
 * then, the response must be destroyed, so that nobody takes a part for the whole. */
export async function sendReply(response: ServerResponse, pieces: readonly ReplyPiece[], signal: AbortSignal): Promise<void> {
  const sink = new ReplySink(response, signal);
  await sendPieces(sink, pieces);
  sink.end();
}

async function sendPieces(sink: ReplySink, pieces: readonly ReplyPiece[]): Promise<void> {
  for (const piece of pieces) {
    if (typeof piece === 'string') await sink.write(Buffer.from(piece));
    else if ('binary' in piece) for await (const text of base64Of(wholly(piece.binary))) await sink.write(text);
    else for await (const element of piece.elements) await sendPieces(sink, piece.encode(element));
  }
}

/** Rejects if other than the announced size comes: a file that was damaged on disk must not look like the whole. */
async function* wholly({ stream, size }: OutgoingBinary): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const chunk of stream() as AsyncIterable<Buffer>) {
    sent += chunk.length;
    yield chunk;
  }
  if (size !== undefined && sent !== size) throw new RelaisError('RELAIS_BLOB_MISSING', `a file has ${sent} bytes on disk instead of ${size}`);
}

class ReplySink {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
  }

  async write(bytes: Buffer): Promise<void> {
    this.#signal.throwIfAborted();
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < HELD_BYTES) return;
    const isRoom = this.#response.write(Buffer.concat(this.#held));
    this.#held = [];
    this.#heldBytes = 0;
    // the signal ends the wait when the caller goes away and the buffer never drains
    if (!isRoom) await once(this.#response, 'drain', { signal: this.#signal });
  }

  end(): void {
    const rest = Buffer.concat(this.#held);
    if (!this.#response.headersSent) this.#response.setHeader('Content-Length', rest.length);
    this.#response.end(rest);
  }
}
