import { Readable } from 'node:stream';
import { memoryHistoryStore } from './memory-history-store.js';
import { NOW, sampleAuthority } from './sample-authority.js';
import type { DeliberationContext } from '../../src/deliberation/context.js';
import type { Backend } from '../../src/deliberation/backend.js';
import { createEmbeddedBackend } from '../../src/deliberation/embedded-backend.js';
import type { DocumentData, DocumentGenerator } from '../../src/documents/generate-document.js';
import type { Authority } from '../../src/domain/authority.js';
import type { Item } from '../../src/domain/item.js';
import { RelaisError, type ErrorCode } from '../../src/errors.js';
import type { HistoryStore } from '../../src/history/store.js';
import type { Logger } from '../../src/platform/logger.js';
import type { OutgoingBinary, ReplyStruct, RequestStruct, SoapOperation } from '../../src/soap/service.js';

export interface LogLine { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }

export interface Reading {
  readonly authority?: Authority;
  readonly items?: readonly Item[];
  /** Contents by SHA-256. */
  readonly blobs?: Readonly<Record<string, Buffer>>;
  readonly generate?: DocumentGenerator['generate'];
  /** In place of a ledger with those items. */
  readonly backend?: Backend;
  readonly history?: HistoryStore;
  /** Receives what is logged at info. */
  readonly log?: LogLine[];
}

/** What the reading operations need, with fakes of the ports; the writing side fails if it is touched. */
export function readingContext({ authority = sampleAuthority(), items = [], blobs = {}, generate = printed, log = [], history = memoryHistoryStore(items), backend }: Reading = {}): DeliberationContext {
  const untouched = () => { throw new Error('a reading operation must not write'); };
  return {
    authority, backend: backend ?? ledger(history, blobs, generate), intake: { accept: untouched, acceptOnce: untouched }, blobs: { keep: untouched }, clock: { now: () => NOW }, logger: infoLogger(log),
    newId: untouched, publicUrl: () => 'https://relais.example.be', version: '1.2.3',
  };
}

function ledger(history: HistoryStore, blobs: Readonly<Record<string, Buffer>>, generate: DocumentGenerator['generate']): Backend {
  return createEmbeddedBackend({
    history, blobs: { read: (sha256) => Readable.from([blobs[sha256] ?? Buffer.alloc(0)]) }, documents: { generate },
  });
}

/** A document that is its data. */
function printed(sourceFile: string, format: string, data: DocumentData): Promise<Readable> {
  return Promise.resolve(Readable.from([Buffer.from(JSON.stringify({ sourceFile, format, ...data }))]));
}

function infoLogger(log: LogLine[]): Logger {
  const silent = () => undefined;
  const logger: Logger = { error: silent, warn: silent, debug: silent, info: (message, fields = {}) => { log.push({ message, fields }); }, child: () => logger };
  return logger;
}

/** Calls an operation as the edge does. */
export async function call(operation: SoapOperation, userId: string, request: RequestStruct = {}): Promise<ReplyStruct> {
  return await operation.handle(request, { userId, correlationId: 'correlation', signal: new AbortController().signal });
}

/** Everything that a repeatable element of a reply yields, whether it is a list or a stream. */
export async function all(value: ReplyStruct[string]): Promise<ReplyStruct[]> {
  const found: ReplyStruct[] = [];
  for await (const one of value as AsyncIterable<ReplyStruct> | ReplyStruct[]) found.push(one);
  return found;
}

export async function bytes(value: ReplyStruct[string]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of (value as OutgoingBinary).stream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The refusal that the call ends with: its code must be the one expected, and its message hold the words. */
export async function refused(answer: Promise<ReplyStruct>, code: ErrorCode, ...words: string[]): Promise<void> {
  const error = await answer.then(() => undefined, (reason: unknown) => reason);
  if (!(error instanceof RelaisError)) throw new Error(`expected ${code}, found ${error instanceof Error ? error.message : 'an answer'}`, { cause: error });
  if (error.code !== code) throw new Error(`expected ${code}, found ${error.code}: ${error.message}`);
  const missing = words.filter((word) => !error.message.includes(word));
  if (missing.length > 0) throw new Error(`expected ${missing.join(', ')} in: ${error.message}`);
}
