/** The four things that can go wrong with a delivery (DESIGN «Delivery semantics»). The message is for the operator:
 * plain words, no secret. */
export abstract class DeliveryFailure extends Error {
  abstract readonly kind: 'not-sent' | 'refused' | 'outcome-unknown' | 'misconfigured';
}

/** The remote does not have it: refused connection, 5xx before acceptance, throttled. */
export class NotSent extends DeliveryFailure {
  readonly kind = 'not-sent';
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** The remote will never take this as it is; the message says what to correct. */
export class Refused extends DeliveryFailure {
  readonly kind = 'refused';
}

/** It was sent and no answer came: it must be probed before any resend. */
export class OutcomeUnknown extends DeliveryFailure {
  readonly kind = 'outcome-unknown';
}

/** Credentials, certificate, path: nothing can be delivered until an administrator corrects it. */
export class Misconfigured extends DeliveryFailure {
  readonly kind = 'misconfigured';
}

export type Failure = NotSent | Refused | OutcomeUnknown | Misconfigured;

const KINDS: ReadonlySet<unknown> = new Set<Failure['kind']>(['not-sent', 'refused', 'outcome-unknown', 'misconfigured']);

/** True for the four failures; anything else that a connector throws is a mistake in it. Told by what they are and not by
 * their class: an external connector may bring its own copy of this file. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && 'kind' in error && KINDS.has(error.kind);
}

/** What went wrong with a call that changes nothing over there: without an answer, nothing was sent. Anything but OutcomeUnknown
 * stays what it is. */
export function nothingSent(error: unknown): unknown {
  return isFailure(error) && error.kind === 'outcome-unknown' ? new NotSent(error.message, { cause: error }) : error;
}

/** What `check` throws, whatever went wrong. `otherwise`: its words where the error has none. */
export function checkFailed(error: unknown, otherwise: string): Misconfigured {
  return error instanceof Misconfigured ? error : new Misconfigured(error instanceof Error ? error.message : otherwise, { cause: error });
}
