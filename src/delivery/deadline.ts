import type { Timer } from './timer.js';

/** Settles as `work` does, but rejects `graceMs` after the signal aborted if `work` has not settled by then, so that a
 * connector that ignores its signal cannot keep a place for ever. */
export function withDeadline<T>(work: Promise<T>, signal: AbortSignal, graceMs: number, timer: Timer): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel: (() => void) | undefined;
    const onAbort = (): void => {
      cancel = timer.after(graceMs, () => reject(new Error('The connector did not stop when it was told to.')));
    };
    const settled = (): void => {
      signal.removeEventListener('abort', onAbort);
      cancel?.();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then((value) => { settled(); resolve(value); }, (error: unknown) => { settled(); reject(error instanceof Error ? error : new Error(String(error))); });
  });
}
