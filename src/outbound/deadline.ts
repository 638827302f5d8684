import { Ended } from './failure-of.js';

export interface Deadline {
  /** Aborts with an `Ended` that says why. */
  readonly signal: AbortSignal;
  /** The connection stands: from now on only the whole exchange is limited. */
  connected(): void;
  /** No timer and no listener stays behind. */
  clear(): void;
}

/** Ends an exchange with the attempt that it belongs to, when no connection comes about, or when it takes too long. Times are
 * milliseconds. */
export function startDeadline(attempt: AbortSignal, connectMs: number, totalMs: number): Deadline {
  const controller = new AbortController();
  const end = (why: string) => () => controller.abort(new Ended(why));
  const total = setTimeout(end(`it took more than ${totalMs / 1000} s`), totalMs);
  const connect = setTimeout(end(`no connection within ${connectMs / 1000} s`), Math.min(connectMs, totalMs));
  const stop = end('the attempt was ended');
  if (attempt.aborted) stop();
  attempt.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    connected: () => clearTimeout(connect),
    clear() {
      clearTimeout(connect);
      clearTimeout(total);
      attempt.removeEventListener('abort', stop);
    },
  };
}
