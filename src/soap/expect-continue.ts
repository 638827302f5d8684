import type { IncomingMessage, ServerResponse } from 'node:http';

const waiting = new WeakSet<IncomingMessage>();

/** A listener for a server's `checkContinue` event: the request is handled like any other, but its 100 is sent only when
 * somebody goes on to read the body. Without it, Node sends the 100 before anybody has looked at the credentials. */
export function deferContinue(handle: (request: IncomingMessage, response: ServerResponse) => unknown) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    waiting.add(request);
    handle(request, response);
  };
}

/** Sends the 100 that a caller still waits for. */
export function continueIfWaiting(request: IncomingMessage, response: ServerResponse): void {
  if (waiting.delete(request)) response.writeContinue();
}

/** True while the caller holds its body back for a 100. */
export function isWaitingForContinue(request: IncomingMessage): boolean {
  return waiting.has(request);
}
