import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { safeFilename } from '../../domain/safe-filename.js';
import { parseContentType } from '../../mime/content-type.js';
import { MultipartError } from '../../mime/multipart-error.js';
import { MultipartReader, type PartHandler } from '../../mime/multipart.js';
import { MANIFEST_BYTES } from '../manifest.js';
import { stageFile, type StagedFile } from '../staged-file.js';
import type { DepositParts } from '../take-deposit.js';
import { Problem } from './problem.js';

/** Files of one request: each costs flushes of the disk. */
const FILES = 200;

export interface ReceivedForm {
  readonly files: readonly StagedFile[];
  /** Fields that are no files, by name. */
  readonly fields: ReadonlyMap<string, string>;
}

/** A file on its way in. */
interface Incoming {
  readonly content: PassThrough;
  readonly staged: Promise<StagedFile>;
}

/** Takes a multipart/form-data body (RFC 7578) apart as it comes: files go into the blob store, and each is read where the deposit reads them. Throws a Problem, what the body
 * throws, RELAIS_BLOB_UNAVAILABLE; then nothing is left of it. The caller keeps or discards the files. */
export async function receiveMultipart(body: AsyncIterable<Buffer>, contentType: string | undefined, { blobs, deposit }: DepositParts): Promise<ReceivedForm> {
  const incoming: Incoming[] = [];
  const fields = new Map<string, string>();
  let field: { readonly name: string; readonly chunks: Buffer[] } | undefined;
  let fieldBytes = 0;
  let waits: Promise<unknown>[] = [];
  let isFile = false;

  const handler: PartHandler = {
    part(headers) {
      const { parameters } = parseContentType(headers.get('content-disposition'));
      const given = parameters.get('filename');
      isFile = given !== undefined;
      if (given === undefined) { field = { name: parameters.get('name') ?? '', chunks: [] }; return; }
      const filename = safeFilename(given);
      if (filename === undefined) throw new Problem(400, 'request', 'A file of the form has no usable name.');
      if (incoming.length >= FILES) throw new Problem(413, 'too-large', `The form holds more than ${FILES} files.`);
      const content = new PassThrough({ highWaterMark: 1024 * 1024 });
      const staged = stageFile(content, { blobs, filename, asPes: deposit.kind === 'pes' });
      // whoever awaits it is told; this keeps a failure that comes before from being unhandled
      staged.catch(() => undefined);
      incoming.push({ content, staged });
    },
    data(source, from, to) {
      const last = incoming.at(-1);
      if (isFile && last !== undefined) {
        // copied: the reader goes on with its buffer
        if (!last.content.write(Buffer.from(source.subarray(from, to)))) waits.push(Promise.race([once(last.content, 'drain'), last.staged]));
      } else if (field !== undefined) {
        field.chunks.push(Buffer.from(source.subarray(from, to)));
        // of all fields together: each stays in memory until the form ends
        fieldBytes += to - from;
        if (fieldBytes > MANIFEST_BYTES) throw new Problem(413, 'too-large', `The fields of the form that are no files are longer than ${MANIFEST_BYTES} bytes together.`);
      }
    },
    partEnd() {
      if (isFile) incoming.at(-1)?.content.end();
      else if (field !== undefined) fields.set(field.name, Buffer.concat(field.chunks).toString('utf8'));
      field = undefined;
    },
  };

  try {
    const reader = new MultipartReader(parseContentType(contentType).parameters.get('boundary') ?? '', handler, 'the form');
    for await (const chunk of body) {
      reader.push(chunk);
      await Promise.all(waits);
      waits = [];
    }
    reader.end();
    return { fields, files: await Promise.all(incoming.map(({ staged }) => staged)) };
  } catch (error) {
    await discardAll(incoming, blobs);
    throw error instanceof MultipartError ? new Problem(error.problem === 'limit' ? 413 : 400, error.problem === 'limit' ? 'too-large' : 'request', error.message) : error;
  }
}

async function discardAll(incoming: readonly Incoming[], blobs: DepositParts['blobs']): Promise<void> {
  for (const { content, staged } of incoming) {
    if (!content.writableEnded) content.destroy(new Error('the form was given up'));
    const file = await staged.catch(() => undefined);
    if (file !== undefined) await blobs.discard([file.blob]);
  }
}
