import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BlobStore } from '../blobs/blob-store.js';
import { RelaisError } from '../errors.js';
import type { Authentication, Authenticator } from '../identity/authenticator.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { checkAnnouncement, pumpBody } from './body-pump.js';
import { continueIfWaiting } from './expect-continue.js';
import { encodeFault, faultOf } from './fault.js';
import { SOAP_CONTENT_TYPE, answer } from './http-answer.js';
import type { SoapLimits } from './limits.js';
import { createMessageReader } from './message-reader.js';
import type { MessageReader } from './message-reader.js';
import { encodeReply } from './reply-encoder.js';
import { sendReply } from './reply-sink.js';
import type { SoapOperation } from './service.js';
import type { OperationModel, ServiceModel } from './service-model.js';

export type RequestOutcome = 'ok' | 'client-fault' | 'server-fault' | 'unauthorized' | 'method' | 'gone';

export interface SoapEndpointDeps {
  readonly model: ServiceModel;
  /** By operation name. */
  readonly operations: ReadonlyMap<string, SoapOperation>;
  readonly authenticator: Authenticator;
  readonly blobs: BlobStore;
  readonly limits: SoapLimits;
  /** Status of refusals by an operation. What cannot be read always answers 500, as SOAP 1.1 §6.2 asks. */
  readonly clientFaultStatus: 200 | 500;
  readonly realm: string;
  readonly logger: Logger;
  readonly clock: Clock;
  newId(): string;
  remoteAddressOf(request: IncomingMessage): string;
  certificateSubjectOf?(request: IncomingMessage): string | undefined;
  /** Told of every request once it is over, for metrics. `operation` is undefined where it did not get so far. */
  onRequest?(operation: string | undefined, outcome: RequestOutcome, seconds: number): void;
}

/** One request under way. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly correlationId: string;
  /** Aborted when the caller goes away before its answer is complete. */
  readonly gone: AbortController;
  operation: OperationModel | undefined;
  /** The request was read and handed to its operation. */
  isHanded: boolean;
}

/** SOAP 1.1 over HTTP (SOAP 1.1 §6; contracts/ws4pm.md §1). Credentials are checked on the headers, before any of the body is
 * taken; the body is parsed as it arrives; what blobs the operation did not keep are gone before the answer. Never rejects. */
export function createSoapEndpoint(deps: SoapEndpointDeps): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  return async (request, response) => {
    const started = deps.clock.now();
    const exchange = beginExchange(deps, request, response);
    const outcome = await serve(deps, exchange).catch((error: unknown) => fail(deps, exchange, error));
    deps.onRequest?.(exchange.operation?.name, outcome, (deps.clock.now() - started) / 1000);
  };
}

function beginExchange(deps: SoapEndpointDeps, request: IncomingMessage, response: ServerResponse): Exchange {
  const offered = request.headers['x-correlation-id'];
  const isSane = typeof offered === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(offered);
  const correlationId = isSane ? offered : deps.newId();
  response.setHeader('X-Correlation-Id', correlationId);
  const gone = new AbortController();
  response.on('close', () => { if (!response.writableFinished) gone.abort(); });
  return { request, response, correlationId, gone, operation: undefined, isHanded: false };
}

async function serve(deps: SoapEndpointDeps, exchange: Exchange): Promise<RequestOutcome> {
  const { request, response } = exchange;
  if (request.method !== 'POST') {
    const fault = encodeFault({ code: 'Client', text: 'SOAP requests are sent by POST.' });
    await answer(request, response, { status: 405, headers: { Allow: 'POST' }, body: fault });
    return 'method';
  }
  const remoteAddress = deps.remoteAddressOf(request);
  const { authorization } = request.headers;
  const authentication = await deps.authenticator.authenticate({ authorization, certificateSubject: deps.certificateSubjectOf?.(request), remoteAddress });
  if (!authentication.ok) {
    // .NET sends none until it is asked: only what was wrong is worth a line
    if (authorization !== undefined) deps.logger.info('credentials were refused', { correlationId: exchange.correlationId, remoteAddress });
    await challenge(deps, exchange, authentication.retryAfterSeconds);
    return 'unauthorized';
  }
  await handleRequest(deps, exchange, authentication);
  deps.logger.info('a request was answered', { correlationId: exchange.correlationId, operation: exchange.operation?.name, user: authentication.userId, remoteAddress });
  return 'ok';
}

/** The challenge is what makes .NET and SOAP::Lite send their credentials at all (contracts/soap-clients.md). */
async function challenge(deps: SoapEndpointDeps, { request, response }: Exchange, retryAfterSeconds: number): Promise<void> {
  const headers = {
    'WWW-Authenticate': `Basic realm="${deps.realm.replace(/["\\]/g, '')}", charset="UTF-8"`,
    ...(retryAfterSeconds > 0 ? { 'Retry-After': String(Math.ceil(retryAfterSeconds)) } : {}),
  };
  const body = encodeFault({ code: 'Client', text: 'Authentication is required: send the user name and password of an account by HTTP Basic.' });
  await answer(request, response, { status: 401, headers, body });
}

async function handleRequest(deps: SoapEndpointDeps, exchange: Exchange, { userId }: Extract<Authentication, { ok: true }>): Promise<void> {
  const { request, response, gone } = exchange;
  checkAnnouncement(request, deps.limits);
  const reader = createMessageReader(deps, request.headers['content-type']);
  const reply = await handOver(deps, exchange, reader, userId).finally(() => reader.discard());
  const pieces = encodeReply(reply.operation, deps.model.targetNamespace, reply.struct);
  const only = pieces[0];
  if (pieces.length === 1 && typeof only === 'string') {
    await answer(request, response, { status: 200, body: only });
    return;
  }
  response.setHeader('Content-Type', SOAP_CONTENT_TYPE);
  await sendReply(response, pieces, gone.signal);
}

async function handOver(deps: SoapEndpointDeps, exchange: Exchange, reader: MessageReader, userId: string) {
  const { request, response, correlationId, gone } = exchange;
  continueIfWaiting(request, response);
  await pumpBody(request, deps.limits, deps.clock, (chunk) => reader.push(chunk));
  const { operation, request: struct } = await reader.end();
  exchange.operation = operation;
  const handler = deps.operations.get(operation.name);
  if (handler === undefined) throw new RelaisError('RELAIS_INTERNAL', `the operation ${operation.name} of the WSDL has no handler`);
  exchange.isHanded = true;
  return { operation, struct: await handler.handle(struct, { userId, correlationId, signal: gone.signal }) };
}

/** Answers a fault, where there is still somebody to answer, and logs once. */
async function fail(deps: SoapEndpointDeps, exchange: Exchange, error: unknown): Promise<RequestOutcome> {
  const { request, response, correlationId, gone, isHanded } = exchange;
  const isCaller = error instanceof RelaisError && error.blame === 'caller';
  const fields = { correlationId, operation: exchange.operation?.name, code: error instanceof RelaisError ? error.code : undefined };
  if (gone.signal.aborted || request.socket.destroyed) {
    deps.logger.info('the caller went away before its answer', fields);
    return 'gone';
  }
  if (isCaller) deps.logger.info('a request was refused', { ...fields, reason: error.message });
  else logServerError(deps.logger, error, fields);
  // nobody may take a part of a reply for the whole
  if (response.headersSent) response.destroy();
  else await answerFault(exchange, error, isCaller && isHanded ? deps.clientFaultStatus : 500);
  return isCaller ? 'client-fault' : 'server-fault';
}

async function answerFault(exchange: Exchange, error: unknown, status: number): Promise<void> {
  const mustClose = error instanceof RelaisError && error.code === 'RELAIS_SOAP_CUT';
  await answer(exchange.request, exchange.response, { status, body: encodeFault(faultOf(error, exchange.correlationId)), mustClose });
}

function logServerError(logger: Logger, error: unknown, fields: Readonly<Record<string, unknown>>): void {
  // stopping is what the operator asked for: nothing to act upon
  if (error instanceof RelaisError && error.code === 'RELAIS_STOPPING') logger.warn('a request came while stopping', fields);
  else logger.error('a request failed', { ...fields, error });
}
