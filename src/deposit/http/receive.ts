import { parseContentType } from '../../mime/content-type.js';
import { createProgress } from '../progress.js';
import { stageFile } from '../staged-file.js';
import { takeDeposit, type DepositOrigin } from '../take-deposit.js';
import type { Answer } from './answer.js';
import { announcedLength, bodyOf } from './body.js';
import type { Call } from './endpoint.js';
import { answerOf, answerOfMany } from './outcome-answer.js';
import { Problem } from './problem.js';
import { receiveMultipart } from './receive-multipart.js';
import { booleanField, filenameOfDisposition, filenameOfPath, requestKey } from './request-headers.js';
import { allowed } from './routes.js';
import { takeForm } from './take-form.js';
import { PARTIAL_UPLOAD, uploadLimit, type Uploads } from './uploads.js';

/** What a form may hold beside its files, bytes. */
const FORM_OVERHEAD = 1024 * 1024;

/** Media types under which a PES comes; none is a file as well. */
const PES_TYPES = ['', 'application/xml', 'text/xml', 'application/octet-stream', 'binary/octet-stream'];

/** A file in the body of the request: `PUT <deposit>/<filename>`. */
export async function receiveFile(call: Call, pathPart: string, uploads: Uploads): Promise<Answer> {
  return await receiveNamed(call, filenameOfPath(pathPart), uploads);
}

/** `POST <deposit>`: a form with files, or one file that a Content-Disposition names. */
export async function receiveForm(call: Call, uploads: Uploads): Promise<Answer> {
  const { request, deposit, parts } = call;
  const { media } = parseContentType(request.headers['content-type']);
  const filename = filenameOfDisposition(request.headers['content-disposition']);
  if (media !== 'multipart/form-data') {
    if (filename !== undefined) return await receiveNamed(call, filename, uploads);
    throw new Problem(415, 'media-type', `The content type is "${media.slice(0, 80)}"; expected multipart/form-data, or a file that a Content-Disposition header names.`);
  }
  const maxBytes = deposit.deposit.maxBytes + FORM_OVERHEAD;
  const total = announcedLength(request, maxBytes);
  proceed(call);
  const progress = createProgress(parts.logger.child({ deposit: deposit.deposit.id }), parts.elapsed);
  const form = await receiveMultipart(bodyOf(request, { maxBytes, idleMs: parts.idleMs, onBytes: (received) => { progress('a form', received, total); } }), request.headers['content-type'], deposit);
  const { outcomes, isOne } = await takeForm(form, originOf(call), deposit);
  for (const { outcome } of outcomes) parts.onTaken(deposit.deposit.id, outcome.state);
  const [first] = outcomes;
  return isOne && first !== undefined ? answerOf(first.outcome, itemAddressOf(call), deposit.language) : answerOfMany(outcomes, itemAddressOf(call), deposit.language);
}

/** What this deposit can do, for clients of resumable uploads. */
export function optionsOf({ deposit }: Call): Answer {
  return { status: 204, headers: { Allow: allowed('deposit').join(', '), 'Accept-Patch': PARTIAL_UPLOAD, 'Upload-Limit': uploadLimit(deposit.deposit.maxBytes) } };
}

async function receiveNamed(call: Call, filename: string, uploads: Uploads): Promise<Answer> {
  const { request, deposit: { deposit } } = call;
  const { media } = parseContentType(request.headers['content-type']);
  if (deposit.kind === 'pes' && !PES_TYPES.includes(media)) throw new Problem(415, 'media-type', `The content type is "${media.slice(0, 80)}"; expected application/xml.`);
  if (booleanField(request.headers['upload-complete']) === false) return await uploads.begin(call, filename);
  const total = announcedLength(request, deposit.maxBytes);
  proceed(call);
  const progress = createProgress(call.parts.logger.child({ deposit: deposit.id }), call.parts.elapsed);
  const content = bodyOf(request, { maxBytes: deposit.maxBytes, idleMs: call.parts.idleMs, onBytes: (received) => { progress(filename, received, total); } });
  return await takeContent(call, content, filename, originOf(call));
}

/** Makes an item of a whole content and says so. Throws the Problem of a refusal. */
export async function takeContent(call: Call, content: AsyncIterable<Uint8Array>, filename: string, origin: DepositOrigin): Promise<Answer> {
  const { deposit, parts } = call;
  const file = await stageFile(content, { blobs: deposit.blobs, filename, asPes: deposit.deposit.kind === 'pes' });
  const outcome = await takeDeposit([file], {}, origin, deposit);
  parts.onTaken(deposit.deposit.id, outcome.state);
  return answerOf(outcome, itemAddressOf(call), deposit.language);
}

function originOf({ request, account, deposit }: Call): DepositOrigin {
  return { way: 'http', requestKey: requestKey(request, account), caller: account === deposit.deposit.place.creator ? undefined : account };
}

/** Below the path of the authority, whatever the host is called outside. */
function itemAddressOf({ parts, deposit }: Call): (uid: string) => string {
  return (uid) => `${parts.path}/deposit/${deposit.deposit.id}/items/${uid}`;
}

/** Tells a caller that holds its body back (Expect: 100-continue) to send it. */
export function proceed({ request, response }: Call): void {
  if (request.headers.expect !== undefined) response.writeContinue();
}
