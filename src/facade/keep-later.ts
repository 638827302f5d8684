import type { Timer } from '../delivery/timer.js';

/** Things are kept so long after they came, milliseconds: what comes together is written together, and disturbs reading once. */
const LATER_MS = 1_000;

/** Keeps things a little later, the newest of each key. */
export interface KeepLater<Value> {
  add(key: string, value: Value): void;
  /** Keeps what waits; resolves when nothing is being kept any more. */
  settled(): Promise<void>;
}

/** `keep` does not reject. */
export function createKeepLater<Value>(timer: Timer, keep: (key: string, value: Value) => Promise<void>): KeepLater<Value> {
  const waiting = new Map<string, Value>();
  let keeping: Promise<unknown> = Promise.resolve();
  let cancel: (() => void) | null = null;

  async function keepAll(): Promise<void> {
    cancel?.();
    cancel = null;
    const batch = [...waiting];
    waiting.clear();
    keeping = keeping.then(() => Promise.all(batch.map(([key, value]) => keep(key, value))));
    await keeping;
  }

  return {
    add(key, value) {
      waiting.set(key, value);
      cancel ??= timer.after(LATER_MS, () => { void keepAll(); });
    },
    settled: keepAll,
  };
}
