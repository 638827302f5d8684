import { parseContentType } from '../../mime/content-type.js';
import { createProgress } from '../progress.js';
import type { Answer } from './answer.js';
import { announcedLength, bodyOf } from './body.js';
import type { Call } from './endpoint.js';
import { Problem, problemDocument } from './problem.js';
import { proceed, takeContent } from './receive.js';
import { booleanField, countField, requestKey } from './request-headers.js';
import { UPLOAD_AGE_MS, type Upload, type UploadStore } from './upload-store.js';

/** Media type of what PATCH appends. */
export const PARTIAL_UPLOAD = 'application/partial-upload';

/** Files that come in pieces (draft-ietf-httpbis-resumable-upload). A response 104 is not sent: a client learns the address of its upload by beginning it with
 * `Upload-Complete: ?0`, which the draft names as the other way. */
export interface Uploads {
  /** Begins one with what the body of the request holds; `Upload-Complete: ?0` was asked for. */
  begin(call: Call, filename: string): Promise<Answer>;
  /** GET, HEAD, PATCH and DELETE of one. */
  answer(call: Call, token: string): Promise<Answer>;
}

/** What a client has to keep to; `ageMs` is how old an upload is. */
export function uploadLimit(maxBytes: number, ageMs = 0): string {
  return `max-size=${maxBytes}, max-age=${Math.max(0, Math.floor((UPLOAD_AGE_MS - ageMs) / 1000))}`;
}

interface Running {
  readonly stop: AbortController;
  readonly ended: Promise<void>;
}

export function createUploads(store: UploadStore): Uploads {
  const running = new Map<string, Running>();

  /** Runs a task on an upload alone. One that still goes on is given up: its client has come back on another connection. */
  async function alone<Result>(token: string, task: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    for (let before = running.get(token); before !== undefined; before = running.get(token)) {
      before.stop.abort();
      await before.ended;
    }
    const stop = new AbortController();
    const work = task(stop.signal);
    running.set(token, { stop, ended: work.then(() => undefined, () => undefined).finally(() => { running.delete(token); }) });
    return await work;
  }

  return {
    async begin(call, filename) {
      const { deposit: { maxBytes, id } } = call.deposit;
      const announced = announcedLength(call.request, maxBytes);
      const length = countField(call.request.headers['upload-length']) ?? null;
      if (length !== null && (length > maxBytes || (announced ?? 0) > length)) throw length > maxBytes ? tooLarge(maxBytes) : inconsistent();
      const key = requestKey(call.request, call.account);
      const upload = await store.begin({ deposit: id, account: call.account, filename, length, ...(key === undefined ? {} : { requestKey: key }) }, maxBytes);
      if (upload === 'full') throw new Problem(507, 'uploads-full', 'Too many uploads are under way. Finish or delete one, or come back later.', { headers: { 'Retry-After': '600' } });
      const location = `${call.parts.path}/deposit/${id}/uploads/${upload.token}`;
      proceed(call);
      try {
        await alone(upload.token, (signal) => append(store, call, upload, { offset: 0, signal }));
      } catch (error) {
        // nobody was told where it is
        await store.remove(upload);
        throw error;
      }
      return { status: 201, headers: { Location: location, ...await stateHeaders(store, call, upload) }, body: await toldUpload(store, upload) };
    },
    async answer(call, token) {
      const find = async (): Promise<Upload> => {
        const upload = await store.find(call.deposit.deposit.id, token);
        if (upload === undefined || (upload.account !== call.account && !call.isManager)) throw new Problem(404, 'no-upload', 'There is no such upload, or it is too old.');
        return upload;
      };
      const upload = await find();
      const { method } = call.request;
      // progress is watched while the bytes come
      if (method === 'GET') return { status: 200, body: await toldUpload(store, upload) };
      if (method === 'HEAD') return await alone(token, async () => ({ status: 204, headers: await stateHeaders(store, call, await find()) }));
      if (method === 'PATCH') return await alone(token, async (signal) => await patch(store, call, await find(), signal));
      return await alone(token, async () => { await store.remove(upload); return { status: 204 }; });
    },
  };
}

async function toldUpload(store: UploadStore, upload: Upload): Promise<Readonly<Record<string, unknown>>> {
  const { filename, length, createdAt, answer } = upload;
  return {
    filename, received: await store.received(upload), total: length, complete: answer !== null, expires: new Date(createdAt + UPLOAD_AGE_MS).toISOString(),
    ...(answer === null ? {} : { status: answer.status, answer: answer.body }),
  };
}

async function stateHeaders(store: UploadStore, { deposit }: Call, upload: Upload): Promise<Record<string, string>> {
  const { deposit: { maxBytes } } = deposit;
  return {
    'Upload-Offset': String(await store.received(upload)), 'Upload-Complete': upload.answer === null ? '?0' : '?1',
    ...(upload.length === null ? {} : { 'Upload-Length': String(upload.length) }), 'Upload-Limit': uploadLimit(maxBytes, deposit.clock.now() - upload.createdAt), 'Cache-Control': 'no-store',
  };
}

async function patch(store: UploadStore, call: Call, found: Upload, signal: AbortSignal): Promise<Answer> {
  const { headers } = call.request;
  const { maxBytes } = call.deposit.deposit;
  const { offset, isLast, announced } = readPatch(call);
  if (found.answer !== null) throw announced === 0 ? new Problem(400, 'completed-upload', 'The upload is complete.') : inconsistent();
  const received = await store.received(found);
  if (offset !== received) throw mismatch(received, offset);
  const upload = await withLength(store, found, [countField(headers['upload-length']), isLast && announced !== null ? offset + announced : undefined]);
  if ((upload.length ?? offset + (announced ?? 0)) > maxBytes) { await store.remove(upload); throw tooLarge(maxBytes); }
  proceed(call);
  await append(store, call, upload, { offset, signal });
  if (!isLast) return { status: 204, headers: await stateHeaders(store, call, upload) };
  return await complete(store, call, await withLength(store, upload, [await store.received(upload)]));
}

function readPatch({ request }: Call): { readonly offset: number; readonly isLast: boolean; readonly announced: number | null } {
  const { headers } = request;
  if (parseContentType(headers['content-type']).media !== PARTIAL_UPLOAD) throw new Problem(415, 'media-type', `Expected the content type ${PARTIAL_UPLOAD}.`);
  const [offset, isLast] = [countField(headers['upload-offset']), booleanField(headers['upload-complete'])];
  if (offset === undefined || isLast === undefined) throw new Problem(400, 'request', 'Expected Upload-Offset, a number, and Upload-Complete, ?0 or ?1.');
  return { offset, isLast, announced: announcedLength(request, Number.MAX_SAFE_INTEGER) };
}

function mismatch(received: number, offset: number): Problem {
  return new Problem(409, 'mismatching-upload-offset', `The upload stands at ${received}.`, {
    headers: { 'Upload-Offset': String(received), 'Upload-Complete': '?0' }, members: { 'expected-offset': received, 'provided-offset': offset },
  });
}

/** The upload with the length that was told; it is told once. */
async function withLength(store: UploadStore, upload: Upload, told: readonly (number | undefined)[]): Promise<Upload> {
  const lengths = new Set([upload.length ?? undefined, ...told].filter((length) => length !== undefined));
  if (lengths.size > 1) throw inconsistent();
  const [length] = lengths;
  return length === undefined || upload.length === length ? upload : await store.update(upload, { length });
}

interface Appending {
  readonly offset: number;
  readonly signal: AbortSignal;
}

/** More than the upload may hold makes it invalid: it goes. What comes before a connection is cut stays. */
async function append(store: UploadStore, { request, deposit: { deposit }, parts }: Call, upload: Upload, { offset, signal }: Appending): Promise<void> {
  const room = (upload.length ?? deposit.maxBytes) - offset;
  const progress = createProgress(parts.logger.child({ deposit: deposit.id, upload: upload.token.slice(0, 8) }), parts.elapsed);
  try {
    await store.append(upload, bodyOf(request, { maxBytes: room, idleMs: parts.idleMs, signal, onBytes: (received) => { progress(upload.filename, offset + received, upload.length); } }));
  } catch (error) {
    if (!(error instanceof Problem) || error.problem !== 'too-large') throw error;
    await store.remove(upload);
    throw upload.length === null ? tooLarge(deposit.maxBytes) : inconsistent();
  }
}

/** Makes the item. What Relais cannot keep now leaves the upload as it is: the client comes back with an empty PATCH. */
async function complete(store: UploadStore, call: Call, upload: Upload): Promise<Answer> {
  const caller = upload.account === call.deposit.deposit.place.creator ? undefined : upload.account;
  const isComplete = { 'Upload-Complete': '?1' };
  try {
    const answer = await takeContent(call, store.content(upload), upload.filename, { way: 'http', requestKey: upload.requestKey, caller });
    await store.finish(upload, { status: answer.status, headers: { ...answer.headers }, body: answer.body, isProblem: false });
    return { ...answer, headers: { ...answer.headers, ...isComplete } };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await store.finish(upload, { status: error.status, headers: {}, body: problemDocument(error), isProblem: true });
    throw new Problem(error.status, error.problem, error.message, { ...error.parts, headers: { ...error.parts.headers, ...isComplete } });
  }
}

function tooLarge(maxBytes: number): Problem {
  return new Problem(413, 'too-large', `The file is larger than ${maxBytes} bytes, the most that this deposit takes.`, { headers: { 'Upload-Limit': uploadLimit(maxBytes) } });
}

function inconsistent(): Problem {
  return new Problem(400, 'inconsistent-upload-length', 'The lengths that were told do not agree.');
}
