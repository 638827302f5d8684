/** Counts requests under way, so that background work can let them go first. */
export interface Traffic {
  /** Counts `request` until it settles. */
  during(request: Promise<void>): Promise<void>;
  /** Resolves when no request is under way, or after `longestMs`: under constant load background work goes on slowly
   * instead of never. */
  quiet(longestMs: number): Promise<void>;
}

export function createTraffic(): Traffic {
  let underWay = 0;
  let waiting = new Set<() => void>();

  function ended(): void {
    underWay -= 1;
    if (underWay > 0) return;
    const woken = waiting;
    waiting = new Set();
    for (const wake of woken) wake();
  }

  return {
    during(request) {
      underWay += 1;
      return request.finally(ended);
    },
    quiet(longestMs) {
      return new Promise((resolve) => {
        // One turn at least, for requests that have arrived and were not read yet.
        if (underWay === 0) { setImmediate(resolve); return; }
        const wake = (): void => { clearTimeout(timer); waiting.delete(wake); resolve(); };
        const timer = setTimeout(wake, longestMs);
        waiting.add(wake);
      });
    },
  };
}
