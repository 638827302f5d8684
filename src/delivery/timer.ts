/** One-shot timers, handed in so that tests need not sleep. */
export interface Timer {
  /** Runs `action` once after `ms`; the function that it returns cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** Beyond it setTimeout fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemTimer: Timer = {
  after(ms, action) {
    const handle = setTimeout(action, Math.min(Math.max(0, ms), LONGEST_MS));
    return () => clearTimeout(handle);
  },
};
