import type { Timer } from './timer.js';

/** The work under way, each piece a promise that never rejects. */
export interface Running {
  size(): number;
  add(work: Promise<void>): void;
  /** Whether all that runs now ended within `ms`. */
  settled(ms: number): Promise<boolean>;
}

/** `ended` is called each time that a piece of work has ended. */
export function createRunning(timer: Timer, ended: () => void): Running {
  const all = new Set<Promise<void>>();
  return {
    size: () => all.size,
    add(work) {
      all.add(work);
      void work.then(() => {
        all.delete(work);
        ended();
      });
    },
    async settled(ms) {
      if (all.size === 0) return true;
      let cancel: (() => void) | undefined;
      const late = new Promise<boolean>((resolve) => { cancel = timer.after(ms, () => resolve(false)); });
      return Promise.race([Promise.all(all).then(() => true), late]).finally(() => cancel?.());
    },
  };
}
