import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

/** An upload is kept for so long after it began, finished or not, milliseconds. */
export const UPLOAD_AGE_MS = 24 * 3_600_000;
/** Of one deposit at a time. Finished ones count, and make room, the oldest first. */
const UPLOADS = 200;
/** All that is not finished may take so many times the largest file. */
const ROOM = 16;
const READ_BYTES = 256 * 1024;

const uploadSchema = z.strictObject({
  token: z.string(),
  deposit: z.string(),
  /** Id of the account that began it. */
  account: z.string(),
  filename: z.string(),
  requestKey: z.string().optional(),
  /** Epoch milliseconds. */
  createdAt: z.number(),
  /** Bytes of the whole file, once that is known. */
  length: z.number().nullable(),
  /** What was answered when all of it had come; null until then. */
  answer: z.strictObject({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.unknown(), isProblem: z.boolean() }).nullable(),
});

/** A file that comes in pieces. */
export type Upload = z.output<typeof uploadSchema>;

export interface UploadStore {
  /** Begins one with no bytes yet; `full` where there is no place for it. Throws the system's error. */
  begin(upload: Omit<Upload, 'token' | 'createdAt' | 'answer'>, maxBytes: number): Promise<Upload | 'full'>;
  /** Undefined for one that never was, or is too old. */
  find(deposit: string, token: string): Promise<Upload | undefined>;
  /** Bytes that came. */
  received(upload: Upload): Promise<number>;
  /** Appends what comes; when it settles, whatever came is on the disk, even where the content failed. */
  append(upload: Upload, content: AsyncIterable<Uint8Array>): Promise<void>;
  content(upload: Upload): AsyncIterable<Uint8Array>;
  update(upload: Upload, change: Partial<Pick<Upload, 'length'>>): Promise<Upload>;
  /** Remembers what was answered; the bytes go. */
  finish(upload: Upload, answer: NonNullable<Upload['answer']>): Promise<void>;
  remove(upload: Upload): Promise<void>;
}

/** Uploads of one authority in a folder: what one is, and its bytes. They survive a restart; `now` is epoch milliseconds. */
export function createUploadStore(folder: string, now: () => number): UploadStore {
  const files = uploadFiles(folder);
  const isOld = (upload: Upload): boolean => now() - upload.createdAt >= UPLOAD_AGE_MS;

  async function make(upload: Parameters<UploadStore['begin']>[0], maxBytes: number): Promise<Upload | 'full'> {
    await fs.mkdir(folder, { recursive: true, mode: 0o700 });
    const others = (await files.living(isOld)).filter(({ deposit }) => deposit === upload.deposit);
    const running = others.filter(({ answer }) => answer === null);
    const reserved = running.reduce((sum, { length }) => sum + (length ?? maxBytes), 0);
    if (running.length >= UPLOADS || reserved + (upload.length ?? maxBytes) > ROOM * maxBytes) return 'full';
    const finished = others.filter(({ answer }) => answer !== null).toSorted((one, other) => one.createdAt - other.createdAt);
    for (const { token } of finished.slice(0, Math.max(0, others.length - UPLOADS + 1))) await files.drop(token);
    const begun: Upload = { ...upload, token: randomBytes(16).toString('hex'), createdAt: now(), answer: null };
    await fs.writeFile(files.bytes(begun.token), '', { flag: 'wx', mode: 0o600 });
    await files.write(begun);
    return begun;
  }

  // one after the other, so that they do not count past each other
  let beginning: Promise<unknown> = Promise.resolve();
  return {
    begin(upload, maxBytes) {
      const begun = beginning.then(() => make(upload, maxBytes));
      beginning = begun.catch(() => undefined);
      return begun;
    },
    async find(deposit, token) {
      const upload = /^[0-9a-f]{32}$/.test(token) ? await files.read(token) : undefined;
      return upload === undefined || upload.deposit !== deposit || isOld(upload) ? undefined : upload;
    },
    async received({ token, answer, length }) {
      return answer === null ? (await fs.stat(files.bytes(token))).size : length ?? 0;
    },
    append: ({ token }, content) => appendTo(files.bytes(token), content),
    content: ({ token }) => createReadStream(files.bytes(token), { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>,
    async update(upload, change) {
      const next = { ...upload, ...change };
      await files.write(next);
      return next;
    },
    async finish(upload, answer) {
      await files.write({ ...upload, answer });
      await fs.rm(files.bytes(upload.token), { force: true });
    },
    remove: ({ token }) => files.drop(token),
  };
}

function uploadFiles(folder: string) {
  const state = (token: string): string => path.join(folder, `${token}.json`);
  const bytes = (token: string): string => path.join(folder, `${token}.part`);

  async function read(token: string): Promise<Upload | undefined> {
    const text = await fs.readFile(state(token), 'utf8').catch(absent);
    const parsed = text === undefined ? undefined : uploadSchema.safeParse(jsonOf(text));
    return parsed?.success === true ? parsed.data : undefined;
  }
  async function drop(token: string): Promise<void> {
    for (const file of [state(token), bytes(token), `${state(token)}.tmp`]) await fs.rm(file, { force: true });
  }
  return {
    bytes, read, drop,
    /** In one go: a crash leaves the state before, or the one after. */
    async write(upload: Upload): Promise<void> {
      const draft = `${state(upload.token)}.tmp`;
      await fs.writeFile(draft, JSON.stringify(upload), { mode: 0o600, flush: true });
      await fs.rename(draft, state(upload.token));
    },
    /** Those that count; the others go. */
    async living(isOld: (upload: Upload) => boolean): Promise<Upload[]> {
      const tokens = new Set((await fs.readdir(folder)).map((name) => name.split('.', 1)[0] ?? ''));
      const found: Upload[] = [];
      for (const token of tokens) {
        const upload = await read(token);
        if (upload === undefined || isOld(upload)) await drop(token);
        else found.push(upload);
      }
      return found;
    },
  };
}

async function appendTo(file: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const handle = await fs.open(file, 'a', 0o600);
  try {
    for await (const chunk of content) await handle.appendFile(chunk);
  } finally {
    // what is acknowledged need not be sent again, so it survives a power loss
    await handle.datasync().finally(() => handle.close());
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
