/** A version of Pastell. */
export interface Release {
  /** As it says it. */
  readonly text: string;
  isAtLeast(major: number, minor: number, patch?: number): boolean;
}

/** Reads `4.1.0`, `V2.0.16` or `3.1.11-rc1`. What says no number counts as the oldest: it is asked for nothing newer. */
export function releaseOf(text: string): Release {
  const found = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  const own = found === null ? [2, 0, 0] : found.slice(1, 4).map((part) => Number((part as string | undefined) ?? 0));
  return {
    text,
    isAtLeast(...wanted) {
      const differs = own.findIndex((part, index) => part !== (wanted[index] ?? 0));
      return differs === -1 || (own[differs] ?? 0) > (wanted[differs] ?? 0);
    },
  };
}
