import type { Readable } from 'node:stream';

const LINE = '\r\n';
const END = '\r\n.\r\n';

/** What a mail client says, line by line and mail by mail. */
export interface SmtpInput {
  /** Undefined when the client is gone. */
  line(): Promise<string | undefined>;
  /** A mail up to its end, with the dots that the protocol doubles. Throws when the client is gone before. */
  mail(): AsyncGenerator<Buffer>;
  /** Lets go of the stream, for encryption to take it over. */
  release(): Promise<void>;
}

export function smtpInput(stream: Readable): SmtpInput {
  const chunks = stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
  let pending = Buffer.alloc(0);

  async function more(): Promise<boolean> {
    const next: IteratorResult<Buffer, unknown> = await chunks.next();
    if (next.done === true) return false;
    pending = Buffer.concat([pending, next.value]);
    return true;
  }

  async function line(): Promise<string | undefined> {
    let cut = pending.indexOf(LINE);
    while (cut < 0) {
      if (!await more()) return undefined;
      cut = pending.indexOf(LINE);
    }
    const text = pending.toString('utf8', 0, cut);
    pending = pending.subarray(cut + LINE.length);
    return text;
  }

  async function* mail(): AsyncGenerator<Buffer> {
    // An end that comes at once is found like any other.
    pending = Buffer.concat([Buffer.from(LINE), pending]);
    let extra = LINE.length;
    for (;;) {
      const end = pending.indexOf(END);
      const ready = end < 0 ? Math.max(0, pending.length - END.length + 1) : end + LINE.length;
      const skipped = Math.min(extra, ready);
      extra -= skipped;
      if (ready > skipped) yield pending.subarray(skipped, ready);
      pending = pending.subarray(ready);
      if (end >= 0) break;
      if (!await more()) throw new Error('the client is gone');
    }
    pending = pending.subarray(END.length - LINE.length);
  }

  return { line, mail, async release() { await chunks.return?.(); } };
}
