import { MailParser, type AttachmentStream, type Headers, type MessageText, type StructuredHeader } from 'mailparser';
import { addAbortSignal, type Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BlobStore, StagedBlob } from '../blobs/blob-store.js';
import type { MailLimits } from '../domain/deposit-mail.js';
import { decodeText } from './decode-text.js';
import { headerOf, isTooMuch, type MailHeader } from './mail-header.js';
import { MessageRefused } from './outcome.js';
import { HEADER_BYTES } from './stage-message.js';

/** A part of a message that is a file. */
export interface MailFile {
  /** As the message names it; empty: it does not. */
  readonly filename: string;
  readonly mediaType: string;
  readonly blob: StagedBlob;
  /** A picture that stands in the text. */
  readonly inline: boolean;
}

/** A message whose files are staged. */
export interface ReadMessage {
  readonly header: MailHeader;
  /** Empty: it has none. */
  readonly text: string;
  readonly html: string;
  readonly files: readonly MailFile[];
}

export interface ReadingParts {
  readonly blobs: BlobStore;
  readonly limits: Pick<MailLimits, 'attachments' | 'depth'>;
  /** Ends it: the time is over, or Relais stops. */
  readonly signal: AbortSignal;
  /** Told of each file at once, for whoever discards them. */
  readonly onStaged: (blob: StagedBlob) => void;
}

/** A longer text becomes a file, so that one message cannot fill the memory. */
const TEXT_BYTES = 256 * 1024;
/** RFC 6838 §4.2. */
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i;
const TEXT_TYPES = ['text/plain', 'text/html'];

/** Reads a message part by part; its files go to the blob store as they come, and none of them is opened: an archive is a file like any other.
 * Throws MessageRefused for what breaks a limit or is no message, RELAIS_BLOB_UNAVAILABLE, and the reason of the signal. */
export async function readMessage(source: Readable, parts: ReadingParts): Promise<ReadMessage> {
  const { signal, limits } = parts;
  const parser = new MailParser({
    checksumAlgo: false, ignoreEmbedded: true, keepDeliveryStatus: true, skipTextToHtml: true, skipHtmlToText: true, skipTextLinks: true,
    maxHeadSize: HEADER_BYTES, maxChildNodes: limits.attachments * 2 + 20,
  });
  // By itself it holds texts whole in memory, however long: with no type of text, it hands out every part as a stream.
  Reflect.set(parser, 'textTypes', []);
  const reading: Reading = { parts, texts: [], htmls: [], textBytes: 0, files: [] };
  try {
    await pipeline(source, parser as Transform, async (found: AsyncIterable<AttachmentStream | MessageText>) => {
      for await (const part of found) if (part.type === 'attachment') await readPart(part, reading).catch((error: unknown) => { reading.stoppedBy ??= error; throw error; });
    }, { signal });
  } catch (error) {
    signal.throwIfAborted();
    // the end of the stream that follows would hide it
    throw limitOf(reading.stoppedBy ?? error);
  }
  const header = parser.headers === false ? null : headerOf(parser.headers, parser.headerLines === false ? [] : parser.headerLines);
  if (header === null) throw new MessageRefused('not-a-message');
  const html = reading.htmls.join('\n');
  return { header, text: reading.texts.join('\n'), html, files: reading.files.map(({ cid, isRelated, ...file }) => ({ ...file, inline: isInText(file.mediaType, cid, isRelated, html) })) };
}

interface Reading {
  readonly parts: ReadingParts;
  readonly texts: string[];
  readonly htmls: string[];
  textBytes: number;
  stoppedBy?: unknown;
  readonly files: (Omit<MailFile, 'inline'> & { readonly cid: string; readonly isRelated: boolean })[];
}

async function readPart(part: AttachmentStream, reading: Reading): Promise<void> {
  const { parts: { signal, limits } } = reading;
  if ((part.partId?.split('.').length ?? 1) > limits.depth) throw new MessageRefused('too-deep');
  const content = addAbortSignal(signal, part.content);
  if (isText(part)) await readText(part, content, reading);
  else await readFile(part, content, Buffer.alloc(0), reading);
  part.release?.();
}

/** What a part without a type is (RFC 2045 §5.2). What is no type becomes bytes: it would be handed on into headers of other systems. */
function mediaTypeOf({ contentType }: AttachmentStream): string {
  const type: unknown = contentType;
  if (typeof type !== 'string' || type === '') return 'text/plain';
  return MEDIA_TYPE.test(type) ? type.toLowerCase() : 'application/octet-stream';
}

function isText(part: AttachmentStream): boolean {
  return TEXT_TYPES.includes(mediaTypeOf(part)) && part.contentDisposition !== 'attachment' && (part.filename ?? '') === '';
}

async function readText(part: AttachmentStream, content: Readable, reading: Reading): Promise<void> {
  let begun = Buffer.alloc(0);
  const chunks = content[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
    begun = Buffer.concat([begun, next.value]);
    if (reading.textBytes + begun.length > TEXT_BYTES) {
      await readFile(part, { [Symbol.asyncIterator]: () => chunks }, begun, reading);
      return;
    }
  }
  reading.textBytes += begun.length;
  const text = decodeText(begun, charsetOf(part.headers));
  (mediaTypeOf(part) === 'text/html' ? reading.htmls : reading.texts).push(text);
}

/** `begun`: what was read of it already. */
async function readFile(part: AttachmentStream, content: AsyncIterable<Buffer>, begun: Buffer, { parts: { blobs, limits, onStaged }, files }: Reading): Promise<void> {
  if (files.length >= limits.attachments) throw new MessageRefused('too-many-parts');
  const writer = blobs.create();
  try {
    if (begun.length > 0) await writer.write(begun);
    for await (const chunk of content) await writer.write(chunk);
    const blob = await writer.finish();
    onStaged(blob);
    files.push({ filename: part.filename ?? '', mediaType: mediaTypeOf(part), blob, cid: part.cid ?? '', isRelated: part.related === true });
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function isInText(mediaType: string, cid: string, isRelated: boolean, html: string): boolean {
  return mediaType.startsWith('image/') && cid !== '' && (isRelated || html.includes(`cid:${cid}`));
}

function charsetOf(headers: Headers): string {
  const type = headers.get('content-type') as StructuredHeader | undefined;
  return type?.params['charset'] ?? '';
}

/** The error itself, or what is meant where a message is too much for the parser. */
function limitOf(error: unknown): unknown {
  if (!isTooMuch(error)) return error;
  return new MessageRefused(/head/i.test(error.message) ? 'too-large' : 'too-many-parts', { cause: error });
}
