import { timeStampRequest, tokenOfReply, TimeStampRefused } from './time-stamp.js';
import type { Stamp } from './timestamper.js';

export interface TimeStampClientSettings {
  readonly url: string;
  /** PEM of the authority that signed the certificate of the time-stamp authority. */
  readonly ca: string;
  /** Posts bytes and resolves with the answer of at most 64 KiB. */
  readonly post: (url: string, headers: Readonly<Record<string, string>>, body: Buffer) => Promise<{ readonly status: number; readonly body: Buffer }>;
}

/** A client of a time-stamp authority over HTTP (RFC 3161 §3.4). What it gives was verified. */
export function createTimeStampClient({ url, ca, post }: TimeStampClientSettings): Stamp {
  return async (text) => {
    const request = timeStampRequest(text);
    const answer = await post(url, { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' }, request.bytes);
    if (answer.status !== 200) throw new TimeStampRefused(`the time-stamp authority answered with status ${answer.status}`);
    return tokenOfReply(answer.body, text, request, ca);
  };
}
