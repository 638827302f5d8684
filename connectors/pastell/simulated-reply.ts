import type { HttpReply } from '../../src/connector-kit/http-simulator.js';

/** What Pastell does not do, with the status that it says so with (contracts/pastell.md §1.2). */
export class PastellRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** JSON as Pastell writes it: indented. */
export function prettyReply(content: unknown, status = 200): HttpReply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(content, null, 4) };
}

export function errorReply(status: number, message: string): HttpReply {
  return prettyReply({ status: 'error', 'error-message': message }, status);
}

/** The answer to what was refused; throws what is no refusal. */
export function refusalReply(error: unknown): HttpReply {
  if (!(error instanceof PastellRefusal)) throw error;
  return errorReply(error.status, error.message);
}
