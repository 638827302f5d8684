import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { RelaisError } from '../errors.js';
import type { DocumentGenerator } from './generate-document.js';
import type { MakerAnswer, MakerRequest } from './maker-messages.js';

export interface DocumentGeneratorOptions {
  /** A document that takes longer is given up, milliseconds. */
  readonly timeoutMs?: number;
  /** Without work for this long, the process that makes documents ends, milliseconds. */
  readonly idleMs?: number;
}

/** Megabytes of heap: the largest document that we accept needs some 150. */
const MAKER_HEAP = 512;

const CHUNK = 64 * 1024;

/** PDF from HTML templates, Word from Word templates. Documents are made one after the other in a process of their own,
 * because laying one out takes 0.3 to 2 s of computing, during which this process could receive nothing. That process is
 * started by the first document, ends when idle, never keeps this one alive and ends with it. */
export function createDocumentGenerator({ timeoutMs = 30_000, idleMs = 60_000 }: DocumentGeneratorOptions = {}): DocumentGenerator {
  let maker: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  return {
    async generate(sourceFile, format, data) {
      const answer = last.then(() => make({ sourceFile, format, data }));
      last = Promise.allSettled([answer]);
      return Readable.from(chunksOf(bytesOf(await answer)));
    },
  };

  async function make(request: MakerRequest): Promise<MakerAnswer> {
    clearTimeout(idle);
    const used = maker?.connected === true ? maker : startMaker();
    maker = used;
    used.ref();
    used.channel?.ref();
    try {
      return await answerOf(used, request, timeoutMs);
    } catch (error) {
      // It was killed or has died; the next document gets a new one.
      maker = undefined;
      throw error;
    } finally {
      used.unref();
      used.channel?.unref();
      idle = setTimeout(() => { if (used.connected) used.disconnect(); }, idleMs).unref();
    }
  }
}

function startMaker(): ChildProcess {
  // The extension is that of this file: .js when built, .ts when run from the sources.
  const entry = fileURLToPath(new URL(`./maker-process${path.extname(import.meta.url)}`, import.meta.url));
  return fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [...process.execArgv, `--max-old-space-size=${MAKER_HEAP}`] });
}

function answerOf(maker: ChildProcess, request: MakerRequest, timeoutMs: number): Promise<MakerAnswer> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      maker.off('message', onMessage).off('exit', onEnd).off('error', onEnd);
      finish();
    };
    const fail = (why: string, cause?: unknown) => settle(() => {
      maker.kill('SIGKILL');
      reject(new RelaisError('RELAIS_WS4PM_GENERATION', `Exception: ${why}`, { cause }));
    });
    const onMessage = (answer: unknown) => settle(() => resolve(answer as MakerAnswer));
    const onEnd = (cause: unknown) => fail('the document needed more memory than allowed, or its maker was stopped.', cause);
    const timer = setTimeout(() => fail(`the document took longer than ${timeoutMs / 1000} s.`), timeoutMs);
    maker.on('message', onMessage).on('exit', onEnd).on('error', onEnd);
    maker.send(request, (error) => { if (error !== null) onEnd(error); });
  });
}

function bytesOf(answer: MakerAnswer): Uint8Array {
  if ('bytes' in answer) return answer.bytes;
  const cause = new Error(answer.stack);
  throw new RelaisError(answer.generation ? 'RELAIS_WS4PM_GENERATION' : 'RELAIS_INTERNAL', answer.problem, { cause });
}

function* chunksOf(bytes: Uint8Array): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK) yield Buffer.from(bytes.subarray(start, start + CHUNK));
}
