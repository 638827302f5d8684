/** Lets few pieces of work go on at the same time; the others wait, first come first served. */
export interface Places {
  /** Begins the work now or when there is a place. The function that it returns takes it back: true if it had not begun. */
  enter(begin: () => Promise<unknown>): () => boolean;
  /** How many wait. */
  waiting(): number;
}

/** `atOnce`: pieces that go on at the same time. */
export function createPlaces(atOnce: number): Places {
  const waiting = new Set<() => Promise<unknown>>();
  let taken = 0;

  function next(): void {
    for (const begin of waiting) {
      if (taken >= atOnce) return;
      waiting.delete(begin);
      taken += 1;
      void begin().finally(() => {
        taken -= 1;
        next();
      });
    }
  }

  return {
    enter(begin) {
      waiting.add(begin);
      next();
      return () => waiting.delete(begin);
    },
    waiting: () => waiting.size,
  };
}
