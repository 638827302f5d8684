import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bothAtOnePort } from './both-at-one-port.js';
import { listenOnLoopback, LOOPBACK } from './loopback-server.js';
import { THROTTLE_SECONDS, type Behaviour } from './rehearsal.js';

export interface HttpReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | StreamedBody;
  /** What becomes of the reply where that is known only once the request was read: it is lost, breaks off in the middle, or
   * never comes. */
  readonly ending?: 'lost' | 'cut' | 'never';
}

/** A body that is not held whole in memory. */
export interface StreamedBody {
  /** Bytes. */
  readonly size: number;
  readonly open: () => Readable;
}

export interface HttpSimulatorParts {
  /** Answers a request as the real system does when it works. Reads the body that it wants; the rest is drained. */
  reply(request: IncomingMessage, url: URL): HttpReply | Promise<HttpReply>;
  /** True for the request that hands the item over. The other behaviours happen to it alone, but `down`. */
  handsOver(request: IncomingMessage, url: URL): boolean;
  /** What it says when it refuses; a 422 if not given. */
  readonly refusal?: HttpReply;
  readonly port?: number;
  /** It speaks TLS so, and at the same port HTTP without it: what came how, `request.socket` says. */
  readonly tls?: ServerOptions;
  /** Told in one line of each request and its answer, and of what went wrong in the simulator itself. */
  readonly say?: (line: string) => void;
}

export interface HttpSimulator {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  behave(how: Behaviour): Promise<void>;
  close(): Promise<void>;
}

const REFUSAL: HttpReply = { status: 422, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'This is not accepted here.' };
const ENDINGS: Readonly<Partial<Record<Behaviour, HttpReply['ending']>>> = { 'loses-answer': 'lost', 'cuts-answer': 'cut' };
const THROTTLING: HttpReply = { status: 429, headers: { 'retry-after': String(THROTTLE_SECONDS) } };

/** A small HTTP service on loopback that behaves as a rehearsal asks. */
export async function openHttpSimulator(parts: HttpSimulatorParts): Promise<HttpSimulator> {
  let behaviour: Behaviour = 'well';
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const said = `${request.method ?? ''} ${request.url ?? ''}`;
    response.once('close', () => parts.say?.(`${said} → ${response.writableFinished ? response.statusCode : 'no answer'}`));
    handle(parts, behaviour, request, response).catch((error: unknown) => {
      // A request that was cut, or a mistake of the simulator: the other end sees a broken connection.
      parts.say?.(`${said}: ${String(error)}`);
      request.socket.destroy();
    });
  };
  const plain = createServer(listener);
  const server = parts.tls === undefined ? plain : bothAtOnePort(plain, createTlsServer(parts.tls, listener));
  const listening = await listenOnLoopback(server, parts.port);

  return {
    url: `http://${LOOPBACK}:${listening.port}`,
    async behave(how) {
      behaviour = how;
      await (how === 'down' ? listening.stop() : listening.listen());
    },
    close: () => listening.stop(),
  };
}

async function handle(parts: HttpSimulatorParts, behaviour: Behaviour, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
  const how = parts.handsOver(request, url) ? behaviour : 'well';
  if (how === 'hangs') { request.resume(); return; }
  if (how === 'refuses') { await answer(request, response, parts.refusal ?? REFUSAL); return; }
  if (how === 'throttles') { await answer(request, response, THROTTLING); return; }
  const reply = await parts.reply(request, url);
  const ending = reply.ending ?? ENDINGS[how];
  if (ending === 'never') { request.resume(); return; }
  if (ending === 'lost') { request.socket.destroy(); return; }
  if (ending === 'cut') { await cutAnswer(response, reply); return; }
  await answer(request, response, reply);
}

async function answer(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body = '' }: HttpReply): Promise<void> {
  if (!request.readableEnded) {
    request.resume();
    await once(request, 'end');
  }
  const { size, open } = streamed(body);
  response.writeHead(status, { ...headers, 'content-length': size });
  if (request.method === 'HEAD') response.end();
  else await pipeline(open(), response);
}

/** Promises the whole body, sends half of it (none of an empty one) and breaks the connection. */
async function cutAnswer(response: ServerResponse, { status, headers = {}, body = '' }: HttpReply): Promise<void> {
  const { size, open } = streamed(body);
  response.writeHead(status, { ...headers, 'content-length': Math.max(1, size) });
  response.flushHeaders();
  let left = Math.floor(size / 2);
  for await (const chunk of open() as AsyncIterable<Buffer>) {
    if (left > 0 && !response.write(chunk.subarray(0, left))) await once(response, 'drain');
    left -= chunk.length;
    if (left <= 0) break;
  }
  response.write('', () => response.destroy());
}

function streamed(body: string | Buffer | StreamedBody): StreamedBody {
  if (typeof body === 'object' && 'open' in body) return body;
  const whole = Buffer.from(body);
  return { size: whole.length, open: () => Readable.from(whole.length === 0 ? [] : [whole]) };
}
