import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import path from 'node:path';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/** A part of a form as it arrived: its text when it is not a file, size and SHA-256 of its bytes when it is. */
export interface ReceivedPart {
  readonly name: string;
  readonly filename: string | undefined;
  readonly text: string;
  readonly size: number;
  readonly sha256: string;
  /** Where the bytes of a file were written; undefined where no folder was given. */
  readonly path: string | undefined;
}

export type FormEncoding = 'utf8' | 'latin1';

const HEADERS_END = '\r\n\r\n';

/** Reads a multipart/form-data body as it streams in. Files are written into `folder`, or measured and thrown away. `encoding`: of texts and
 * names; only those in UTF-8 may be escaped. Throws for a body that is not one or ends too soon. */
export async function readForm(request: IncomingMessage, folder?: string, encoding: FormEncoding = 'utf8'): Promise<readonly ReceivedPart[]> {
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('the request has no boundary');
  const scanner = scan(request);
  await scanner.until(`--${boundary}`, ignore);
  const parts: ReceivedPart[] = [];
  while (await scanner.take(2) === '\r\n') parts.push(await readPart(scanner, `\r\n--${boundary}`, folder, encoding));
  await scanner.rest();
  return parts;
}

async function readPart(scanner: Scanner, end: string, folder: string | undefined, encoding: FormEncoding): Promise<ReceivedPart> {
  const head: Buffer[] = [];
  await scanner.until(HEADERS_END, (bytes) => { head.push(bytes); });
  const headers = Buffer.concat(head).toString(encoding);
  const filename = /; filename="([^"]*)"/.exec(headers)?.[1];
  const written = filename === undefined || folder === undefined ? undefined : path.join(folder, randomUUID());
  const file = written === undefined ? undefined : createWriteStream(written);
  const hash = createHash('sha256');
  const content: Buffer[] = [];
  let size = 0;
  try {
    await scanner.until(end, async (bytes) => {
      hash.update(bytes);
      size += bytes.length;
      if (filename === undefined) content.push(bytes);
      if (file?.write(bytes) === false) await once(file, 'drain');
    });
  } finally {
    file?.end();
    if (file !== undefined) await finished(file);
  }
  return {
    name: /; name="([^"]*)"/.exec(headers)?.[1] ?? '', filename: filename && (encoding === 'utf8' ? decodeURIComponent(filename) : filename), text: Buffer.concat(content).toString(encoding),
    size, sha256: hash.digest('hex'), path: written,
  };
}

interface Scanner {
  /** Hands over what comes before a mark, and passes the mark. */
  until(mark: string, take: (bytes: Buffer) => void | Promise<void>): Promise<void>;
  take(length: number): Promise<string>;
  /** Reads to the end and throws it away. */
  rest(): Promise<void>;
}

function scan(source: AsyncIterable<Buffer>): Scanner {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);

  async function more(): Promise<void> {
    const next = await chunks.next();
    if (next.done === true) throw new Error('the body ends before its last boundary');
    held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
  }

  return {
    async until(mark, take) {
      for (;;) {
        const at = held.indexOf(mark);
        // The mark may have begun at the end of what has come.
        const certain = at === -1 ? Math.max(0, held.length - mark.length + 1) : at;
        await take(held.subarray(0, certain));
        held = held.subarray(at === -1 ? certain : at + mark.length);
        if (at !== -1) return;
        await more();
      }
    },
    async take(length) {
      while (held.length < length) await more();
      const text = held.toString('latin1', 0, length);
      held = held.subarray(length);
      return text;
    },
    async rest() {
      while ((await chunks.next()).done !== true) continue;
    },
  };
}

function ignore(): void {
  // What stands before the first boundary means nothing.
}
