const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Until what age of a transaction it is asked about so often. The platform checks within minutes, the prefecture acknowledges within minutes, the
 * treasury answers within hours (contracts/s2low.md §7). */
const PACES = {
  act: [[10 * MINUTE, MINUTE], [4 * HOUR, 5 * MINUTE], [48 * HOUR, 30 * MINUTE]],
  pes: [[10 * MINUTE, 2 * MINUTE], [12 * HOUR, 10 * MINUTE], [72 * HOUR, 30 * MINUTE]],
} as const;

/** What has waited longer. */
const LATER = 2 * HOUR;

/** Milliseconds until the next question about what was sent `ageMs` ago. */
export function pollAfter(pace: keyof typeof PACES, ageMs: number): number {
  return PACES[pace].find(([until]) => ageMs < until)?.[1] ?? LATER;
}

/** Above this an act that was sent waits unusually long for its acknowledgement (§7), milliseconds. */
export const UNUSUAL_MS = 4 * HOUR;
