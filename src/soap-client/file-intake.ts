import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { KeepFile } from './values.js';

/** Bytes on their way in; `kept` is known once they are on disk. */
export interface IncomingBytes {
  kept?: { readonly sha256: string; readonly size: number };
  /** Of its part, in a multipart message. */
  mediaType?: string;
  /** Texts of the element around it that came before it. */
  beside?: Readonly<Record<string, string>>;
}

/** What may wait between the reader of the message and the disk. */
const BUFFER_BYTES = 262_144;

interface Open {
  readonly stream: PassThrough;
  readonly kept: Promise<void>;
}

/** Hands the files of a message to `keep` while it is read, one after the other. Parsing does not wait: it queues writes here,
 * and whoever feeds the parser awaits `drain` before it brings more, which is the back-pressure. */
export class FileIntake {
  readonly #keep: KeepFile;
  #tasks: (() => Promise<void>)[] = [];
  #open: Open | undefined;

  constructor(keep: KeepFile) {
    this.#keep = keep;
  }

  write(incoming: IncomingBytes, bytes: Buffer): void {
    if (bytes.length > 0) this.#tasks.push(() => this.#write(incoming, bytes));
  }

  /** No more bytes come. One that got none is kept, too. */
  finish(incoming: IncomingBytes): void {
    this.#tasks.push(() => this.#finish(incoming));
  }

  /** Carries out what is queued. Rejects with what `keep` rejects with. */
  async drain(): Promise<void> {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) await task();
  }

  /** Lets go of a file that will never be whole. */
  async abort(reason: Error): Promise<void> {
    this.#tasks = [];
    this.#open?.stream.destroy(reason);
    await this.#open?.kept.catch(() => undefined);
    this.#open = undefined;
  }

  async #write(incoming: IncomingBytes, bytes: Buffer): Promise<void> {
    const { stream, kept } = this.#opened(incoming);
    if (!stream.write(bytes)) await Promise.race([once(stream, 'drain'), kept]);
  }

  async #finish(incoming: IncomingBytes): Promise<void> {
    const { stream, kept } = this.#opened(incoming);
    stream.end();
    await kept;
    this.#open = undefined;
  }

  #opened(incoming: IncomingBytes): Open {
    if (this.#open !== undefined) return this.#open;
    const stream = new PassThrough({ highWaterMark: BUFFER_BYTES });
    // `kept` tells of it
    stream.on('error', () => undefined);
    const kept = this.#keep(stream, incoming.beside ?? {}).then((file) => { incoming.kept = file; });
    // awaited later; until then a failure must not end the process
    kept.catch(() => undefined);
    this.#open = { stream, kept };
    return this.#open;
  }
}
