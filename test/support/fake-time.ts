import type { Timer } from '../../src/delivery/timer.js';
import type { Clock } from '../../src/platform/clock.js';

export interface FakeTime extends Clock, Timer {
  /** Moves the clock on; runs the timers that come due, in their order, and what follows from each. */
  advance(ms: number): Promise<void>;
  /** Puts the clock forward or back; the timers do not notice, as real ones do not. */
  jump(ms: number): void;
  /** Timers that are still armed. */
  pending(): number;
}

/** A clock that only moves when a test moves it. */
export function fakeTime(start = Date.UTC(2027, 2, 1, 9)): FakeTime {
  let elapsed = 0;
  let origin = start;
  const timers = new Set<{ readonly at: number; readonly action: () => void }>();
  let armed = 0;

  /** Until nothing goes on that arms timers: the clock must not run away from work that needs no time. */
  async function settle(): Promise<void> {
    for (let before = -1; before !== armed;) {
      before = armed;
      await turns(5);
    }
  }

  return {
    now: () => origin + elapsed,
    after(ms, action) {
      const timer = { at: elapsed + Math.max(0, ms), action };
      timers.add(timer);
      armed += 1;
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      const end = elapsed + ms;
      await settle();
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.at <= end).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers.delete(next);
        elapsed = Math.max(elapsed, next.at);
        next.action();
        await settle();
      }
      elapsed = end;
      await settle();
    },
    jump(ms) { origin += ms; },
    pending: () => timers.size,
  };
}

/** Lets what is ready to run do so. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => { setImmediate(resolve); });
}

/** Waits until a condition holds, without a timer; fails after many turns of the event loop. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 2_000; turn += 1) {
    if (condition()) return;
    await turns(1);
  }
  throw new Error(`never came: ${what}`);
}
