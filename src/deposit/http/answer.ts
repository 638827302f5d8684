import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemDocument, type Problem } from './problem.js';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: nothing is. */
  readonly body?: unknown;
}

/** Sends a whole answer, be the body of the request read or not; what is left of it is passed over, and the connection ends. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body }: Answer, contentType = 'application/json; charset=utf-8'): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (!response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
  if (!request.complete) {
    response.setHeader('Connection', 'close');
    request.resume();
  }
  if (body === undefined) { response.end(); return; }
  const text = JSON.stringify(body);
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(request.method === 'HEAD' ? undefined : text);
}

export function sendProblem(request: IncomingMessage, response: ServerResponse, problem: Problem): void {
  send(request, response, { status: problem.status, headers: problem.parts.headers ?? {}, body: problemDocument(problem) }, 'application/problem+json; charset=utf-8');
}
