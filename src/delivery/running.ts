import type { Timer } from './timer.js';

/** The work under way, each piece a promise that never rejects. */
export interface Running {
  size(): number;
  /** Begins a piece of work, or, while an earlier one with one of its names goes on, lets it wait for the end of that one: a clock
   * that jumps may end a lease, and have the delivery claimed again, while its attempt is still under way here. */
  begin(names: readonly string[], work: () => Promise<void>): void;
  /** Whether all that runs now ended within `ms`. */
  settled(ms: number): Promise<boolean>;
}

/** `ended` is called each time that a piece of work has ended. */
export function createRunning(timer: Timer, ended: () => void): Running {
  const all = new Set<Promise<void>>();
  const latest = new Map<string, Promise<void>>();
  return {
    size: () => all.size,
    begin(names, work) {
      const before = names.flatMap((name) => latest.get(name) ?? []);
      const begun = before.length === 0 ? work() : Promise.all(before).then(work);
      all.add(begun);
      for (const name of names) latest.set(name, begun);
      void begun.then(() => {
        all.delete(begun);
        for (const name of names) if (latest.get(name) === begun) latest.delete(name);
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
