import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { systemClock } from '../../../src/platform/clock.js';
import { deferContinue } from '../../../src/soap/expect-continue.js';
import type { SoapOperation } from '../../../src/soap/service.js';
import { createSoapEndpoint } from '../../../src/soap/soap-endpoint.js';
import type { RequestOutcome, SoapEndpointDeps } from '../../../src/soap/soap-endpoint.js';
import { memoryBlobStore } from '../../support/memory-blob-store.js';
import type { MemoryBlobStore } from '../../support/memory-blob-store.js';
import { recordingLogger } from '../../support/recording-logger.js';
import type { RecordingLogger } from '../../support/recording-logger.js';
import { model, roomy } from './read-message.js';

export const AUTHORIZATION = `Basic ${Buffer.from('ged:demo').toString('base64')}`;

export interface SoapServer {
  readonly port: number;
  readonly blobs: MemoryBlobStore;
  readonly logger: RecordingLogger;
  readonly outcomes: { readonly operation: string | undefined; readonly outcome: RequestOutcome }[];
  /** Resolves once so many requests are over. */
  ended(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A server on loopback with the endpoint alone. One account, ged:demo. */
export async function startSoapServer(operations: readonly SoapOperation[], change: Partial<SoapEndpointDeps> = {}): Promise<SoapServer> {
  const blobs = memoryBlobStore();
  const logger = recordingLogger();
  const outcomes: SoapServer['outcomes'] = [];
  const watchers: (() => void)[] = [];
  let ids = 0;
  const handle = createSoapEndpoint({
    model, operations: new Map(operations.map((operation) => [operation.name, operation])), blobs, limits: roomy, clientFaultStatus: 500,
    realm: 'Relais "test"', logger, clock: systemClock, newId: () => `id-${++ids}`, remoteAddressOf: (request) => request.socket.remoteAddress ?? '',
    authenticator: { authenticate: ({ authorization }) => Promise.resolve(authorization === AUTHORIZATION ? { ok: true, userId: 'ged' } : { ok: false, retryAfterSeconds: authorization === undefined ? 0 : 1.5 }) },
    onRequest: (operation, outcome) => {
      outcomes.push({ operation, outcome });
      for (const watch of watchers) watch();
    },
    ...change,
  });
  const server = http.createServer((request, response) => void handle(request, response));
  server.on('checkContinue', deferContinue(handle));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, blobs, logger, outcomes,
    ended: (count) => new Promise((resolve) => {
      const watch = () => { if (outcomes.length >= count) resolve(); };
      watchers.push(watch);
      watch();
    }),
    close: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      server.closeAllConnections();
    }),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

export function post(port: number, body: Buffer | string, headers: Record<string, string> = {}, agent?: http.Agent): Promise<Answer> {
  return send(port, body, { method: 'POST', headers: { 'Authorization': AUTHORIZATION, 'Content-Type': 'text/xml; charset=utf-8', 'Content-Length': String(Buffer.byteLength(body)), ...headers }, agent });
}

export function send(port: number, body: Buffer | string, options: http.RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        .on('end', () => { resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }); });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export interface RawConnection {
  readonly socket: net.Socket;
  /** Resolves with all that came once it holds `part`. */
  until(part: string): Promise<string>;
  /** Resolves with all that came when the server has closed. */
  closed(): Promise<string>;
}

/** A socket, for what an HTTP client would not do. */
export async function connect(port: number): Promise<RawConnection> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let text = '';
  let isClosed = false;
  const watchers: (() => void)[] = [];
  const notify = () => { for (const watch of watchers) watch(); };
  socket.on('data', (chunk) => { text += chunk.toString('latin1'); notify(); });
  socket.on('error', () => undefined).on('close', () => { isClosed = true; notify(); });
  const when = (test: () => boolean) => new Promise<string>((resolve) => {
    const watch = () => { if (test()) resolve(text); };
    watchers.push(watch);
    watch();
  });
  return { socket, until: (part) => when(() => text.includes(part)), closed: () => when(() => isClosed) };
}

export function head(headers: readonly string[]): string {
  return ['POST / HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n');
}
