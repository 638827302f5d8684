import { Readable } from 'node:stream';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { isPage } from './answer-text.js';
import type { Api, Query } from './api.js';
import { isLogin, leadsToFile, redirectFailure } from './redirect-failure.js';

/** Bytes that a file begins with (contracts/s2low.md §2): a page for people comes with status 200 as well. */
const SIGNATURES = {
  pdf: (start: Buffer) => start.includes('%PDF'),
  archive: (start: Buffer) => start[0] === 0x1F && start[1] === 0x8B,
  xml: (start: Buffer) => /^[\s\uFEFF]*<[^!]?/.test(start.toString('utf8')) && !isPage(start),
  any: (start: Buffer) => !isPage(start),
} as const;

export type FileKind = keyof typeof SIGNATURES;

/** Readers of PDF look for the header in the first kilobyte. */
const LOOKED_AT = 1024;

/** The largest that these platforms make (§7), for the time that a download gets. */
const LARGEST_FILE = 150 * 2 ** 20;

/** How often a download may be sent on. */
const MOST_REDIRECTS = 3;

export interface Download {
  readonly path: string;
  readonly query: Query;
  readonly kind: FileKind;
  /** Followed where the platform keeps the file elsewhere: get_document and get_tampon only. */
  readonly follows?: true;
}

/** Fetches a file and keeps it. Null where the platform has none (an error page, an empty answer, a KO); throws Misconfigured where it asks
 * for a login, OutcomeUnknown for one that was cut. */
export async function fetchFile(api: Api, download: Download, { blobs, clock }: Pick<ConnectorContext, 'blobs' | 'clock'>): Promise<{ readonly sha256: string; readonly size: number } | null> {
  const answer = await openFile(api, download);
  if (answer.status >= 300 && answer.status < 400) {
    if (isLogin(answer.headers['location'] ?? '')) throw redirectFailure(answer, api.who);
    answer.body.destroy();
    return null;
  }
  if (answer.status !== 200) throw await httpFailure(answer, api.who, clock.now());
  const bytes = (answer.body as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const start = await firstBytes(bytes, api.who);
  if (!SIGNATURES[download.kind](start) || start.length === 0 || /^KO\s*\n/.test(start.toString('latin1'))) {
    answer.body.destroy();
    return null;
  }
  return await blobs.keep(joined(start, bytes, api.who));
}

/** Follows by hand: only to a file, and within the platform, where the certificate may be shown. */
async function openFile(api: Api, { path, query, follows }: Download): Promise<HttpAnswer> {
  let answer = await api.open(path, query, LARGEST_FILE);
  for (let left = follows === true ? MOST_REDIRECTS : 0; left > 0 && answer.status >= 300 && answer.status < 400; left -= 1) {
    const target = answer.headers['location'] ?? '';
    const url = URL.canParse(target, `${api.who}${path}`) ? new URL(target, `${api.who}${path}`) : null;
    if (url?.origin !== api.who || !leadsToFile(target)) return answer;
    answer.body.destroy();
    answer = await api.open(url.pathname, Object.fromEntries(url.searchParams), LARGEST_FILE);
  }
  return answer;
}

async function firstBytes(bytes: AsyncIterator<Buffer>, who: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let size = 0; size < LOOKED_AT;) {
    const { done, value } = await next(bytes, who);
    if (done === true) break;
    chunks.push(value);
    size += value.length;
  }
  return Buffer.concat(chunks);
}

async function* joined(start: Buffer, rest: AsyncIterator<Buffer>, who: string): AsyncGenerator<Buffer> {
  yield start;
  for (;;) {
    const { done, value } = await next(rest, who);
    if (done === true) return;
    yield value;
  }
}

async function next(bytes: AsyncIterator<Buffer>, who: string): Promise<IteratorResult<Buffer, undefined>> {
  try {
    return await bytes.next() as IteratorResult<Buffer, undefined>;
  } catch (error) {
    throw new OutcomeUnknown(`A file of ${who} came in half.`, { cause: error });
  }
}

/** A file that was kept, whole, for small ones. */
export async function readKept(sha256: string, { blobs }: Pick<ConnectorContext, 'blobs'>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of blobs.read(sha256) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Keeps bytes that came within an answer. */
export function keepBytes(bytes: Buffer, { blobs }: Pick<ConnectorContext, 'blobs'>): Promise<{ readonly sha256: string; readonly size: number }> {
  return blobs.keep(Readable.from([bytes]));
}
