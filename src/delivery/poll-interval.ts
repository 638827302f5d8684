const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What was sent up to so long ago is asked for this often. People sign within minutes or within weeks. */
const BY_AGE = [
  { untilMs: 10 * MINUTE_MS, everyMs: MINUTE_MS },
  { untilMs: 2 * HOUR_MS, everyMs: 5 * MINUTE_MS },
  { untilMs: DAY_MS, everyMs: 30 * MINUTE_MS },
] as const;
const LONGEST_EVERY_MS = 2 * HOUR_MS;

/** A remote may ask for patience, not for silence, and not for haste. */
const REMOTE_MS = { shortest: 1_000, longest: 7 * DAY_MS };

/** Milliseconds until the next question about a delivery that was sent `ageMs` ago. What the remote asked for
 * (`pollAfterMs`) comes before our own interval, which widens with the age. */
export function pollInterval(ageMs: number, pollAfterMs?: number): number {
  if (pollAfterMs !== undefined && !Number.isNaN(pollAfterMs)) return Math.min(Math.max(pollAfterMs, REMOTE_MS.shortest), REMOTE_MS.longest);
  return BY_AGE.find(({ untilMs }) => ageMs < untilMs)?.everyMs ?? LONGEST_EVERY_MS;
}
