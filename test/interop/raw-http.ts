import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { readAnswer, type SoapAnswer } from '../support/soap-call.js';

export interface RawRequest {
  readonly method?: string;
  /** Several buffers go out as chunks of their own, without a Content-Length. */
  readonly body?: Buffer | readonly Buffer[];
  readonly headers?: Readonly<Record<string, string>>;
  /** `account:password`; empty: no Authorization header. */
  readonly user?: string;
  readonly agent?: http.Agent;
}

export interface RawAnswer extends SoapAnswer {
  /** The client's port: equal for two answers that came over one connection. */
  readonly port: number;
  /** The server asked for the body of an `Expect: 100-continue` request. */
  readonly continued: boolean;
}

const GIVE_UP_MS = 20_000;

export function basic(user: string): string {
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

/** Sends exactly what it is told, one HTTP request, and reads the answer whatever its status. With
 * `Expect: 100-continue` the body goes out only when the server asks for it. */
export async function send(url: string, request: RawRequest): Promise<RawAnswer> {
  const { body = Buffer.alloc(0), user = 'ged:demo' } = request;
  const chunks = Buffer.isBuffer(body) ? [body] : body;
  const headers = {
    'Content-Type': 'text/xml; charset=utf-8',
    ...(user === '' ? {} : { Authorization: basic(user) }),
    ...(Buffer.isBuffer(body) ? { 'Content-Length': String(body.length) } : { 'Transfer-Encoding': 'chunked' }),
    ...request.headers,
  };
  return await new Promise<RawAnswer>((resolve, reject) => {
    const outgoing = http.request(url, { method: request.method ?? 'POST', headers, agent: request.agent ?? new http.Agent(), timeout: GIVE_UP_MS });
    let continued = false;
    const sendBody = (): void => {
      for (const chunk of chunks) outgoing.write(chunk);
      outgoing.end();
    };
    outgoing.on('continue', () => { continued = true; sendBody(); });
    outgoing.on('timeout', () => { outgoing.destroy(new Error(`no answer within ${GIVE_UP_MS} ms`)); });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const port = incoming.socket.localPort ?? 0;
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.on('end', () => {
        // A body that nobody asked for stays here: end the exchange without it.
        if (!outgoing.writableEnded) outgoing.destroy();
        resolve({ ...readAnswer(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(parts).toString()), port, continued });
      });
    });
    if ('Expect' in headers) outgoing.flushHeaders();
    else sendBody();
  });
}

/** A `multipart/related` message of a SOAP envelope and the parts that it includes by `cid:` (MTOM/XOP). */
export function mtom(envelope: string, parts: Readonly<Record<string, Buffer>>): { body: Buffer; headers: Record<string, string> } {
  const boundary = `uuid:${randomUUID()}`;
  const root = 'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <root@interop>';
  const sections: Buffer[] = [Buffer.from(`--${boundary}\r\n${root}\r\n\r\n${envelope}`)];
  for (const [id, bytes] of Object.entries(parts)) {
    const head = `Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${id}>`;
    sections.push(Buffer.from(`\r\n--${boundary}\r\n${head}\r\n\r\n`), bytes);
  }
  sections.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return {
    body: Buffer.concat(sections),
    headers: { 'Content-Type': `multipart/related; type="application/xop+xml"; start="<root@interop>"; start-info="text/xml"; boundary="${boundary}"` },
  };
}

/** Cuts a body so that tags, base64 groups and characters of several bytes fall across chunks. */
export function inChunks(body: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) chunks.push(body.subarray(at, at + size));
  return chunks;
}
