import { Readable, Transform, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { safeFilename } from '../../domain/safe-filename.js';
import { MOST_BYTES } from '../business-xml.js';
import { FormatError } from '../format-error.js';
import type { ActeMessage } from './acte-message.js';
import { readActeMessage } from './read-message.js';

/** A file of an archive, kept. */
export interface ArchivedFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly sha256: string;
  readonly size: number;
}

/** What the prefecture wrote, as a platform hands it over. */
export interface LetterArchive {
  readonly message: ActeMessage;
  /** The letter itself and what came with it. */
  readonly documents: readonly ArchivedFile[];
  /** Message and envelope, as proof. */
  readonly proofs: readonly ArchivedFile[];
}

export type Keep = (content: AsyncIterable<Uint8Array>) => Promise<{ readonly sha256: string; readonly size: number }>;

/** Files, and bytes of all of them, unpacked: what the State takes is no larger either. */
const MOST_FILES = 200;
const MOST_TOTAL = 300 * 2 ** 20;
/** Deflate itself stops at 1032; documents of the trade grow some ten times. */
const MOST_GROWTH = 400;
const GROWTH_COUNTS_FROM = 8 * 2 ** 20;

const MEDIA_TYPES: Readonly<Record<string, string>> = { pdf: 'application/pdf', xml: 'application/xml', jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png' };

interface Kept extends ArchivedFile {
  /** What it says, where it is a message: one file at a time is held whole to find that out. */
  readonly message: ActeMessage | null;
}

/** Unpacks the `.tar.gz` of a letter as it streams in and keeps its files (contracts/pes-actes-formats.md §B3). Only plain files count, by the last part of their
 * names. Throws FormatError for what is no such archive, is cut, is far larger than letters are, or holds no message; and what the stream or `keep` throws. */
export async function readLetterArchive(content: AsyncIterable<Uint8Array>, keep: Keep): Promise<LetterArchive> {
  const files: Kept[] = [];
  for await (const { filename, bytes } of archivedFiles(content)) files.push(await keepFile(filename, bytes, keep));
  const letter = files.map(({ message }) => message).find((message) => message?.kind.startsWith('Enveloppe') === false);
  if (letter === undefined || letter === null) throw new FormatError(`The archive holds no message of the prefecture; it holds ${files.map(({ filename }) => filename).slice(0, 10).join(', ') || 'nothing'}.`);
  return { message: letter, documents: files.filter(({ message }) => message === null).map(listed), proofs: files.filter(({ message }) => message !== null).map(listed) };
}

function listed({ filename, mediaType, sha256, size }: Kept): ArchivedFile {
  return { filename, mediaType, sha256, size };
}

/** Null for XML that is a document of its own. */
function messageIn(bytes: Buffer): ActeMessage | null {
  try {
    return readActeMessage(bytes);
  } catch (error) {
    if (error instanceof FormatError) return null;
    throw error;
  }
}

async function keepFile(filename: string, content: AsyncIterable<Uint8Array>, keep: Keep): Promise<Kept> {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(filename)?.[1]?.toLowerCase() ?? '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  async function* passed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      size += chunk.length;
      if (extension === 'xml' && size <= MOST_BYTES) chunks.push(chunk);
      yield chunk;
    }
  }
  const kept = await keep(passed());
  return { filename, mediaType: MEDIA_TYPES[extension] ?? 'application/octet-stream', ...kept, message: extension === 'xml' && size <= MOST_BYTES ? messageIn(Buffer.concat(chunks)) : null };
}

async function* archivedFiles(content: AsyncIterable<Uint8Array>): AsyncGenerator<{ readonly filename: string; readonly bytes: AsyncIterable<Uint8Array> }> {
  const archive = extract();
  let failure: Error | undefined;
  const growth = meter();
  pipeline(Readable.from(content), growth.packed, createGunzip(), growth.unpacked, archive, (error) => {
    failure = error ?? undefined;
  });
  try {
    let count = 0;
    for await (const entry of archive) {
      count += 1;
      if (count > MOST_FILES) throw new FormatError(`The archive holds more than ${MOST_FILES} files.`);
      const filename = entry.header.type === 'file' ? safeFilename(entry.header.name) : undefined;
      if (filename !== undefined) yield { filename, bytes: bytesOf(entry, () => failure) };
      entry.resume();
    }
  } catch (error) {
    throw asFormatError(failure ?? error);
  } finally {
    archive.destroy();
  }
}

async function* bytesOf(entry: AsyncIterable<Uint8Array>, failure: () => Error | undefined): AsyncGenerator<Uint8Array> {
  try {
    yield* entry;
  } catch (error) {
    throw asFormatError(failure() ?? error);
  }
}

/** Counts what goes into the unpacking and what comes out of it. */
function meter(): { readonly packed: Transform; readonly unpacked: Transform } {
  let packed = 0;
  let unpacked = 0;
  return {
    packed: new Transform({ transform(chunk: Buffer, _encoding, done) { packed += chunk.length; done(null, chunk); } }),
    unpacked: new Transform({
      transform(chunk: Buffer, _encoding, done) {
        unpacked += chunk.length;
        const tooMuch = unpacked > MOST_TOTAL || (unpacked > GROWTH_COUNTS_FROM && unpacked > packed * MOST_GROWTH);
        if (tooMuch) done(new FormatError('The archive grows to more than any letter of the prefecture holds; it was not unpacked further.'));
        else done(null, chunk);
      },
    }),
  };
}

/** What zlib and tar-stream say of bytes that are no archive, or not all of one; anything else stays what it is. */
function asFormatError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof FormatError) return error;
  const isBroken = ('code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')) || /tar header|unexpected end of data|premature close/i.test(error.message);
  return isBroken ? new FormatError('What the platform gives is no whole .tar.gz archive.', { cause: error }) : error;
}
