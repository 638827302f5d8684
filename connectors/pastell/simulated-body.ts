import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { readForm, type ReceivedPart } from '../../src/connector-kit/read-form.js';
import { bodyText, phpParameters, type PhpParameters } from './simulated-php.js';

export interface ReadBody {
  readonly fields: PhpParameters;
  readonly files: readonly ReceivedPart[];
}

/** Reads what PHP reads of a body: forms of a POST, and urlencoded text of POST and PATCH; of a form in a PATCH nothing, without a word about it
 * (contracts/pastell.md §1). `decode` is given urlencoded text first. Files are on disk while `use` goes on. */
export async function withBody<Result>(request: IncomingMessage, use: (body: ReadBody) => Promise<Result>, decode = (text: string) => text): Promise<Result> {
  const isForm = /^multipart\/form-data\b/.test(request.headers['content-type'] ?? '');
  if (request.method !== 'POST' || !isForm) return use({ fields: phpParameters(decode(await bodyText(request))), files: [] });
  const folder = await mkdtemp(path.join(os.tmpdir(), 'relais-pastell-'));
  try {
    const parts = await readForm(request, folder);
    const texts = parts.filter(({ filename }) => filename === undefined).map(({ name, text }): [string, string] => [name, text]);
    return await use({ fields: phpParameters(new URLSearchParams(texts)), files: parts.filter(({ filename }) => filename !== undefined) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
