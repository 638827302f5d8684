import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createGzip } from 'node:zlib';
import { readText } from '../../src/connector-kit/http-text.js';
import { readForm, type ReceivedPart } from '../../src/connector-kit/read-form.js';
import type { DeskFiles } from '../../src/signature-desk/desk-files.js';
import type { ActDocument } from '../../src/state-desk/exchange.js';

/** A form as it was posted; its texts and file names are read as ISO-8859-1, whatever they were meant to be (contracts/s2low.md §2). */
export interface PostedForm {
  text(name: string): string;
  texts(name: string): readonly string[];
  file(name: string): ReceivedPart | undefined;
  files(name: string): readonly ReceivedPart[];
  readonly isEmpty: boolean;
}

/** Reads a form, and removes its files when `use` is done with them. */
export async function withForm<Result>(request: IncomingMessage, use: (form: PostedForm) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-s2low-'));
  try {
    return await use(formOf(await partsOf(request, folder)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function partsOf(request: IncomingMessage, folder: string): Promise<readonly ReceivedPart[]> {
  if ((request.headers['content-type'] ?? '').startsWith('multipart/form-data')) return await readForm(request, folder, 'latin1');
  const fields = new URLSearchParams(await readText(request));
  return [...fields].map(([name, text]) => ({ name, text, filename: undefined, size: text.length, sha256: '', path: undefined }));
}

function formOf(parts: readonly ReceivedPart[]): PostedForm {
  const named = (name: string, isFile: boolean) => parts.filter((part) => part.name === name && (part.path !== undefined) === isFile);
  return {
    isEmpty: parts.length === 0,
    text: (name) => named(name, false).at(-1)?.text ?? '',
    texts: (name) => named(name, false).map(({ text }) => text),
    file: (name) => named(name, true)[0],
    files: (name) => named(name, true),
  };
}

/** What a file is by its first bytes, as the platform looks at it; null for what it does not know. */
export async function sniffed({ path: place = '' }: ReceivedPart): Promise<FileKind | null> {
  const handle = await open(place);
  const head = Buffer.alloc(64);
  await handle.read(head, 0, head.length, 0).finally(() => handle.close());
  if (head.subarray(0, 4).toString('latin1') === '%PDF') return 'pdf';
  if (/^(?:\xef\xbb\xbf)?\s*<[?\w]/.test(head.toString('latin1'))) return 'xml';
  if (head.subarray(0, 3).toString('hex') === 'ffd8ff') return 'jpg';
  return head.subarray(0, 4).toString('hex') === '89504e47' ? 'png' : null;
}

const MEDIA_TYPES = { pdf: 'application/pdf', xml: 'application/xml', jpg: 'image/jpeg', png: 'image/png' } as const;
export type FileKind = keyof typeof MEDIA_TYPES;

/** Keeps a file of a form as a document of an act, under the name that the platform gives it. */
export async function keptDocument(part: ReceivedPart, { filename, typology, kind }: { readonly filename: string; readonly typology: string; readonly kind: FileKind }, files: DeskFiles): Promise<ActDocument> {
  const kept = await files.keep(createReadStream(part.path ?? '') as AsyncIterable<Buffer>);
  return { filename, mediaType: MEDIA_TYPES[kind], typology, postedAs: part.filename ?? '', ...kept };
}

/** Whether files are too large together once they are packed: only then are they. */
export async function exceedsPacked(parts: readonly ReceivedPart[], limit: number): Promise<boolean> {
  if (parts.reduce((sum, { size }) => sum + size, 0) <= limit) return false;
  let packed = 0;
  for (const { path: place = '' } of parts) {
    for await (const chunk of createReadStream(place).pipe(createGzip({ level: 1 })) as AsyncIterable<Buffer>) packed += chunk.length;
  }
  return packed > limit;
}
