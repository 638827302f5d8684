import type { IncomingMessage } from 'node:http';
import { safeFilename } from '../../domain/safe-filename.js';
import { parseContentType } from '../../mime/content-type.js';
import { Problem } from './problem.js';

/** Longest Idempotency-Key. */
const KEY_LENGTH = 120;

/** `?1` and `?0` of a structured field (RFC 9651 §3.3.6); undefined where there is none, or something else. */
export function booleanField(value: string | readonly string[] | undefined): boolean | undefined {
  return value === '?1' ? true : value === '?0' ? false : undefined;
}

/** A count of a structured field; undefined where there is none, or something else. */
export function countField(value: string | readonly string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined;
}

/** The key by which a request is known for ever; undefined where the caller gives none. It may stand in quotes, as the draft of the header asks. */
export function requestKey(request: IncomingMessage, account: string): string | undefined {
  const given = request.headers['idempotency-key'];
  if (given === undefined) return undefined;
  const key = String(given).trim().replace(/^"(.*)"$/, '$1');
  if (key.length > KEY_LENGTH || !/^[\x21-\x7e]+$/.test(key)) throw new Problem(400, 'request', `Idempotency-Key: expected 1 to ${KEY_LENGTH} visible ASCII characters.`);
  return `request:${account}/${encodeURIComponent(key)}`;
}

/** A file name out of an address. */
export function filenameOfPath(part: string): string {
  const name = safeFilename(decoded(part));
  if (name === undefined) throw new Problem(400, 'request', 'The address ends with no usable file name.');
  return name;
}

/** The file name of a Content-Disposition header (RFC 6266); undefined where there is none. */
export function filenameOfDisposition(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const { parameters } = parseContentType(header);
  const extended = /^utf-8'[^']*'(.*)$/i.exec(parameters.get('filename*') ?? '')?.[1];
  return safeFilename(extended === undefined ? parameters.get('filename') ?? '' : decoded(extended));
}

export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Problem(400, 'request', 'The address, or the name of the file, holds a % that stands for no character.');
  }
}
