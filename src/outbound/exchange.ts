import axios, { AxiosHeaders, type AxiosResponse } from 'axios';
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { HttpAnswer, HttpRequest } from '../connector-api/http.js';
import { readText } from './answer-text.js';
import { startDeadline, type Deadline } from './deadline.js';
import { failureOf } from './failure-of.js';

export interface ExchangeParts {
  readonly agent: http.Agent;
  /** Ends with the attempt. */
  readonly signal: AbortSignal;
  /** Milliseconds until a connection must stand. */
  readonly connectMs: number;
  /** Milliseconds until the body of the answer must have been read. */
  readonly totalMs: number;
}

/** Lengths are not limited here, not even to Infinity: axios would then count the bytes in a stream of its own around each body, and the answer
 * that nobody wants would keep its connection. */
const client = axios.create({
  maxRedirects: 0, proxy: false, responseType: 'stream', validateStatus: null, transformRequest: [], transformResponse: [], headers: { common: { 'user-agent': 'Relais' } },
});

/** One request and its answer, whatever its status; redirects are not followed. Fails as `HttpCall` says. */
export async function exchange(request: HttpRequest, url: URL, { agent, signal, connectMs, totalMs }: ExchangeParts): Promise<HttpAnswer> {
  const deadline = startDeadline(signal, connectMs, totalMs);
  const progress = { begun: false };
  const { body } = request;
  try {
    if (body instanceof Readable && body.errored !== null) throw body.errored;
    const answer = await client.request<Readable>({
      url: url.href, method: request.method, headers: headersOf(request), ...(body !== undefined && { data: body }),
      httpAgent: agent, httpsAgent: agent, transport: watchedTransport(url, progress, deadline),
    });
    return answerOf(answer, request, deadline, url.origin);
  } catch (error) {
    deadline.clear();
    if (!(body instanceof Readable)) throw failureOf(causeOf(error, deadline), url.origin, progress.begun);
    body.destroy();
    // The request was cut before its end, so it was not taken; why is known best by whoever made the body.
    throw body.errored ?? failureOf(causeOf(error, deadline), url.origin, progress.begun);
  }
}

/** Node's own client; `progress` tells from when on bytes of the request may reach the other side. The deadline ends it here: axios would end
 * an answer without an error, and a part of it could be taken for the whole. */
function watchedTransport(url: URL, progress: { begun: boolean }, deadline: Deadline): { request: typeof http.request } {
  const { request } = url.protocol === 'https:' ? https : http;
  const { signal } = deadline;
  const watched = (options: http.RequestOptions, onAnswer: (answer: http.IncomingMessage) => void): http.ClientRequest => {
    const sending = request(options, onAnswer);
    const end = () => { sending.destroy(signal.reason as Error); };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
    const begin = () => {
      progress.begun = true;
      deadline.connected();
    };
    sending.once('socket', (socket) => {
      if (sending.reusedSocket) begin();
      else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', begin);
    });
    return sending;
  };
  return { request: watched as typeof http.request };
}

/** Without what axios would add on its own: a content type that nobody chose. */
function headersOf({ headers = {} }: HttpRequest): Record<string, string | false> {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { accept: '*/*', 'content-type': false, ...named };
}

function answerOf({ status, headers, data }: AxiosResponse<Readable>, { body: sent }: HttpRequest, deadline: Deadline, origin: string): HttpAnswer {
  // Whoever reads it is told; until somebody does, an error must not end the process.
  data.on('error', () => undefined);
  data.once('close', () => {
    deadline.clear();
    if (sent instanceof Readable && !sent.readableEnded) sent.destroy();
  });
  return {
    status,
    headers: AxiosHeaders.from(headers as AxiosHeaders).toJSON(true),
    body: data,
    text: (limit) => readText(data, limit, origin),
  };
}

/** axios wraps what happened. */
function causeOf(error: unknown, { signal }: Deadline): unknown {
  if (signal.aborted) return signal.reason;
  return axios.isAxiosError(error) ? error.cause ?? error : error;
}
