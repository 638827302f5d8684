import http from 'node:http';
import path from 'node:path';
import { createDepositEndpoint } from '../../src/deposit/http/endpoint.js';
import { openApiDocument } from '../../src/deposit/http/openapi.js';
import { createUploadStore } from '../../src/deposit/http/upload-store.js';
import { createUploads } from '../../src/deposit/http/uploads.js';
import type { DepositParts } from '../../src/deposit/take-deposit.js';
import { listen } from '../../src/server/listen.js';
import { depositParts } from './deposit-rig.js';
import { memoryBlobStore } from './memory-blob-store.js';
import { memoryIntake } from './memory-intake.js';
import { expectDocumented, type OpenApiDocument } from './openapi-conformance.js';
import { recordingLogger } from './recording-logger.js';

export interface Reply {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
  /** The server asked for the body by a 100. */
  readonly continued: boolean;
}

export interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null`: none. */
  readonly account?: string | null;
}

export interface DepositServer {
  readonly intake: ReturnType<typeof memoryIntake>;
  readonly blobs: ReturnType<typeof memoryBlobStore>;
  readonly log: ReturnType<typeof recordingLogger>;
  readonly time: { at: number };
  readonly port: number;
  readonly document: OpenApiDocument;
  /** Operations that were answered, as `PUT /deposit/{deposit}/{filename} 201`. */
  readonly answered: Set<string>;
  /** Fails for an answer that is not as the OpenAPI document describes it. */
  send(sent: Sent): Promise<Reply>;
  /** A server in the place of this one, on the same folder: as after a restart. */
  again(): Promise<DepositServer>;
  close(): Promise<void>;
}

export interface DepositServerOptions {
  readonly folder: string;
  readonly parts?: Partial<DepositParts>;
  readonly idleMs?: number;
  readonly intake?: ReturnType<typeof memoryIntake>;
  readonly time?: { at: number };
}

const user = (id: string, roles: ('Member' | 'Manager')[]) => ({ id, fullname: id, email: '', roles, source: id, hasMemberArea: true });
/** The account of the deposit, a Manager, and one who may not deposit. */
const USERS = new Map([['compta', user('compta', ['Member'])], ['admin', user('admin', ['Member', 'Manager'])], ['ged', user('ged', ['Member'])]]);

/** The routes of deposits on loopback, with accounts whose password is `secret`. */
export async function depositServer(options: DepositServerOptions): Promise<DepositServer> {
  const { folder, parts, idleMs = 5000, intake = memoryIntake(), time = { at: Date.UTC(2027, 2, 1, 9) } } = options;
  const [blobs, log] = [memoryBlobStore(), recordingLogger()];
  const clock = { now: () => time.at };
  const handle = createDepositEndpoint({
    path: '', deposits: [depositParts({ intake, blobs, clock, ...parts })], users: USERS, realm: 'Relais test', version: '1', idleMs, logger: log, elapsed: () => time.at,
    uploads: createUploads(createUploadStore(path.join(folder, 'uploads'), clock.now)),
    authenticator: { authenticate: ({ authorization = '' }) => Promise.resolve(userOf(authorization)) },
    remoteAddressOf: () => '127.0.0.1', certificateSubjectOf: () => undefined,
    itemOf: (uid) => Promise.resolve(itemOf(intake, uid)),
    onTaken: () => undefined,
  });
  const onRequest: http.RequestListener = (request, response) => void handle(request, response, (request.url ?? '').replace(/^\/deposit/, ''));
  const document = openApiDocument({ path: '', version: '1' }) as unknown as OpenApiDocument;
  const answered = new Set<string>();
  const server = await listen({ host: '127.0.0.1', port: 0, tls: null, onRequest, onCheckContinue: onRequest });
  return {
    intake, blobs, log, time, document, answered, port: server.port,
    async send(sent) {
      const reply = await exchange(server.port, sent);
      answered.add(expectDocumented(document, { ...sent, status: reply.status, text: reply.text, contentType: reply.headers['content-type'] }));
      return reply;
    },
    async again() { await server.close(0); return await depositServer({ ...options, intake, time }); },
    close: () => server.close(0),
  };
}

function userOf(authorization: string): { ok: true; userId: string } | { ok: false; retryAfterSeconds: number } {
  const [userId = '', password] = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':');
  return USERS.has(userId) && password === 'secret' ? { ok: true, userId } : { ok: false, retryAfterSeconds: 0 };
}

function itemOf({ submissions }: ReturnType<typeof memoryIntake>, uid: string) {
  const item = submissions.find((one) => one.item.uid === uid)?.item;
  return item === undefined ? null : { creator: item.creator, told: { uid, kind: item.kind, title: item.title, state: item.reviewState, steps: [] } };
}

async function exchange(port: number, { method, path: place, body, headers = {}, account = 'compta' }: Sent): Promise<Reply> {
  let continued = false;
  const request = http.request({
    host: '127.0.0.1', port, method, path: place, agent: false,
    headers: { ...(account === null ? {} : { Authorization: `Basic ${Buffer.from(`${account}:secret`).toString('base64')}` }), ...(typeof body === 'string' || Buffer.isBuffer(body) ? { 'Content-Length': String(Buffer.byteLength(body)) } : {}), ...headers },
  });
  const answered = new Promise<http.IncomingMessage>((resolve, reject) => { request.on('response', resolve).on('error', reject); });
  if (headers['Expect'] !== undefined) {
    request.flushHeaders();
    const asked = new Promise<boolean>((resolve) => { request.once('continue', () => { resolve(true); }); });
    continued = await Promise.race([asked, answered.then(() => false)]);
    if (continued) request.end(body);
  } else {
    await sendBody(request, body);
  }
  const response = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  request.destroy();
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode ?? 0, headers: response.headers, text, continued, json: text.startsWith('{') ? JSON.parse(text) as Record<string, unknown> : {} };
}

async function sendBody(request: http.ClientRequest, body: Sent['body']): Promise<void> {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) { request.end(body); return; }
  const heard = { answered: false };
  let go: () => void = () => undefined;
  request.once('response', () => { heard.answered = true; go(); }).once('close', () => { heard.answered = true; go(); }).on('drain', () => { go(); });
  for await (const chunk of body) {
    if (heard.answered) return;
    if (!request.write(chunk)) await new Promise<void>((resolve) => { go = resolve; });
  }
  request.end();
}
