import { createHash } from 'node:crypto';
import type { BlobStore, BlobWriter, StagedBlob } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';
import { FILES } from './limits.js';

/** A blob on its way in; it stands in for its value until `blob` is known. */
export class IncomingBlob {
  blob: StagedBlob | undefined;
  writer: BlobWriter | undefined;
}

type Task = () => Promise<unknown> | undefined;

const EMPTY_BLOB: StagedBlob = { sha256: createHash('sha256').digest('hex'), size: 0, head: Buffer.alloc(0) };

/** The blobs of one request. Parsing does not wait: it queues writes here, and whoever feeds the parser awaits `drain`
 * before it brings more, which is the back-pressure. What an operation did not keep is discarded by `discard`. */
export class BlobIntake {
  readonly #blobs: BlobStore;
  readonly #staged: StagedBlob[] = [];
  readonly #writers = new Set<BlobWriter>();
  #tasks: Task[] = [];
  #draining: Promise<void> | undefined;
  #finishing: Promise<void> | undefined;
  #files = 0;

  constructor(blobs: BlobStore) {
    this.#blobs = blobs;
  }

  write(incoming: IncomingBlob, bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#tasks.push(() => this.#writerOf(incoming).write(bytes));
  }

  /** No more bytes come. One that got none is the empty blob, without a file. Throws RELAIS_SOAP_LIMIT. */
  finish(incoming: IncomingBlob): void {
    this.#files += 1;
    if (this.#files > FILES) throw new RelaisError('RELAIS_SOAP_LIMIT', `the request exceeds a limit: files, at most ${FILES}`);
    this.#tasks.push(() => this.#finish(incoming));
  }

  /** Carries out what is queued; undefined if that was done at once. */
  drain(): Promise<void> | undefined {
    const tasks = this.#tasks;
    if (tasks.length === 0) return undefined;
    this.#tasks = [];
    for (const [index, task] of tasks.entries()) {
      const wait = task();
      if (wait === undefined) continue;
      this.#draining = finishTasks(wait, tasks, index + 1);
      return this.#draining;
    }
    return undefined;
  }

  /** Resolves when every blob is safe on disk. */
  async settle(): Promise<void> {
    await this.#draining;
    await this.drain();
    await this.#finishing;
  }

  /** Removes whatever was not kept, finished or not. Never throws. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.#draining, this.#finishing]);
    await Promise.allSettled([...this.#writers].map((writer) => writer.abort()));
    if (this.#staged.length > 0) await this.#blobs.discard(this.#staged);
  }

  #writerOf(incoming: IncomingBlob): BlobWriter {
    if (incoming.writer === undefined) {
      incoming.writer = this.#blobs.create();
      this.#writers.add(incoming.writer);
    }
    return incoming.writer;
  }

  /** Flushing one blob to disk overlaps with receiving the next, no more: open files stay few. */
  #finish(incoming: IncomingBlob): Promise<void> | undefined {
    const { writer } = incoming;
    if (writer === undefined) {
      incoming.blob = EMPTY_BLOB;
      return undefined;
    }
    const before = this.#finishing;
    const finishing = writer.finish().then((blob) => {
      incoming.blob = blob;
      this.#staged.push(blob);
      this.#writers.delete(writer);
    });
    // `settle` reports a failure; this keeps one that comes after the request was given up from being unhandled
    finishing.catch(() => undefined);
    this.#finishing = finishing;
    return before;
  }
}

async function finishTasks(first: Promise<unknown>, tasks: readonly Task[], from: number): Promise<void> {
  await first;
  for (const task of tasks.slice(from)) await task();
}
