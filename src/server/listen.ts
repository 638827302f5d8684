import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import { TLSSocket } from 'node:tls';

/** PEM files. With `clientCa`, client certificates signed by it are asked for and, when sent, verified. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  readonly clientCa: string | null;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | null;
  readonly onRequest: http.RequestListener;
  /** Answers `Expect: 100-continue`; it decides whether the body may come. */
  readonly onCheckContinue: http.RequestListener;
  /** Shorter times for tests, milliseconds. */
  readonly patience?: { readonly still: number; readonly leftover: number };
}

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, lets running requests end, cuts those that still run after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** How long a client may take for the headers; bodies are watched by the SOAP edge. */
const HEADERS_TIMEOUT_MS = 20_000;
const KEEP_ALIVE_MS = 65_000;

/** A connection on which nothing moves for this long while a request runs is cut: a caller that never takes its answer
 * would hold the files that it streams. */
const STILL_MS = 300_000;
/** What is left of a body after its answer may come for this long, so that the connection can be used again. */
const LEFTOVER_MS = 10_000;
const PATIENCE = { still: STILL_MS, leftover: LEFTOVER_MS };

/** Starts listening. Rejects with the system's error (port in use, certificate unreadable). */
export async function listen(options: ListenOptions): Promise<RunningServer> {
  const server = options.tls === null ? http.createServer(options.onRequest) : https.createServer(readTls(options.tls), options.onRequest);
  server.on('checkContinue', options.onCheckContinue);
  const { still, leftover } = options.patience ?? PATIENCE;
  const watch = watchExchanges(server, leftover);
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  // A large annex over a slow line may take an hour; the edge gives up a body that brings nothing.
  server.requestTimeout = 0;
  server.timeout = still;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => { server.off('error', reject); resolve(); });
  });
  return { port: (server.address() as net.AddressInfo).port, close: (graceMs) => closeServer(server, watch, graceMs) };
}

function readTls(tls: TlsFiles): https.ServerOptions {
  return {
    cert: fs.readFileSync(tls.cert),
    key: fs.readFileSync(tls.key),
    ...(tls.clientCa === null ? {} : { ca: fs.readFileSync(tls.clientCa), requestCert: true, rejectUnauthorized: false }),
  };
}

interface Watch {
  /** From now on every connection ends with the answer that it waits for, and at once if it never asked for anything. */
  letGo(): void;
}

function watchExchanges(server: http.Server | https.Server, leftoverMs: number): Watch {
  const underWay = new Set<http.ServerResponse>();
  /** Node does not count them as idle. */
  const silent = new Set<net.Socket>();
  let isEnding = false;

  function begin(request: http.IncomingMessage, response: http.ServerResponse): void {
    silent.delete(request.socket);
    underWay.add(response);
    if (isEnding) response.shouldKeepAlive = false;
    response.once('close', () => { underWay.delete(response); });
    response.once('finish', () => { if (!request.complete) cutLeftover(request, leftoverMs); });
  }
  server.on(server instanceof https.Server ? 'secureConnection' : 'connection', (socket: net.Socket) => {
    silent.add(socket);
    socket.once('close', () => { silent.delete(socket); });
  });
  server.prependListener('request', begin);
  server.prependListener('checkContinue', begin);
  return {
    letGo() {
      isEnding = true;
      for (const socket of silent) socket.destroy();
      for (const response of underWay) {
        response.shouldKeepAlive = false;
        // an answer that has begun does not say that its connection closes
        if (response.headersSent) response.once('close', () => setImmediate(() => { server.closeIdleConnections(); }));
      }
    },
  };
}

function cutLeftover(request: http.IncomingMessage, withinMs: number): void {
  const timer = setTimeout(() => { request.socket.destroy(); }, withinMs);
  request.once('close', () => { clearTimeout(timer); });
}

function closeServer(server: http.Server | https.Server, watch: Watch, graceMs: number): Promise<void> {
  watch.letGo();
  return new Promise((resolve) => {
    const cut = setTimeout(() => { server.closeAllConnections(); }, graceMs);
    server.close(() => { clearTimeout(cut); resolve(); });
    server.closeIdleConnections();
  });
}

/** Subject of the client certificate in RFC 2253 order, if TLS verified one. */
export function certificateSubjectOf(request: http.IncomingMessage): string | undefined {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  return socket.getPeerX509Certificate()?.subject.split('\n').toReversed().join(',');
}
