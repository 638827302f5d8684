/** Lets at most `width` tasks run at the same time; the others wait in the order in which they came. */
export function createTurnstile(width: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) await new Promise<void>((pass) => { waiting.push(pass); });
    else running += 1;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // The place is handed over, so that a newcomer cannot slip in between.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
