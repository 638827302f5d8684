import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What was posted: the JSON without its file, and size and SHA-256 of the file. */
export interface PostedBody {
  readonly members: Readonly<Record<string, unknown>>;
  readonly file: { readonly sha256: string; readonly size: number } | null;
}

/** No text of a JSON body holds this: quotes in texts are escaped. */
const FILE = '"encodedFile":"';
const MOST_TEXT = 1024 * 1024;

/** Reads a JSON body as it streams in; the base64 of its file is measured and thrown away. Throws for one that is not as Maarch takes it. */
export async function readPosted(request: IncomingMessage): Promise<PostedBody> {
  const reader = bodyReader();
  for await (const chunk of request as AsyncIterable<Buffer>) reader.take(chunk.toString('latin1'));
  return reader.end();
}

function bodyReader(): { take(chunk: string): void; end(): PostedBody } {
  const file = measure();
  let place: 'before' | 'file' | 'after' = 'before';
  let text = '';

  function take(chunk: string): void {
    if (place === 'file') { takeFile(chunk); return; }
    text += chunk;
    if (text.length > MOST_TEXT && !text.includes(FILE)) throw new Error('the body is too long');
    const at = place === 'before' ? text.indexOf(FILE) : -1;
    if (at < 0) return;
    const [before, rest] = [text.slice(0, at + FILE.length), text.slice(at + FILE.length)];
    [place, text] = ['file', before];
    takeFile(rest);
  }

  function takeFile(chunk: string): void {
    const end = chunk.indexOf('"');
    file.take(end < 0 ? chunk : chunk.slice(0, end));
    if (end < 0) return;
    place = 'after';
    take(chunk.slice(end));
  }

  return {
    take,
    end() {
      const { encodedFile, ...members } = JSON.parse(Buffer.from(text, 'latin1').toString('utf8') || '{}') as Record<string, unknown>;
      const measured = file.end();
      return { members, file: encodedFile === undefined || measured.size === 0 ? null : measured };
    },
  };
}

/** Size and hash of what base64 holds. */
function measure(): { take(base64: string): void; end(): { readonly sha256: string; readonly size: number } } {
  const hash = createHash('sha256');
  let [held, size] = ['', 0];
  return {
    take(base64) {
      held += base64;
      const whole = held.length - held.length % 4;
      const bytes = Buffer.from(held.slice(0, whole), 'base64');
      hash.update(bytes);
      size += bytes.length;
      held = held.slice(whole);
    },
    end() {
      if (held !== '') throw new Error('the base64 of the file ends in the middle of a group');
      return { sha256: hash.digest('hex'), size };
    },
  };
}
