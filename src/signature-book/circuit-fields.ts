import type { FieldValue } from '../domain/mapping.js';

/** Lines of a history that come back onto the item. */
const MOST_LINES = 200;

/** What comes back of a circuit: `status` (how it ended), `actors` (who did what and when) and `annotations`, a line each, the last ones
 * of a long story. What is empty is left out. */
export function circuitFields(status: string | undefined, actors: readonly string[], annotations: readonly string[]): Record<string, FieldValue> {
  return {
    ...(status !== undefined && { status }),
    ...(actors.length > 0 && { actors: actors.slice(-MOST_LINES) }),
    ...(annotations.length > 0 && { annotations: annotations.slice(-MOST_LINES) }),
  };
}

/** A moment over there, in UTC, as `2027-03-01 09:00 UTC`; offsets may come without a colon, and what is no date stays as it is. Their
 * clock may be off ours: it is shown, and decides nothing. */
export function momentWords(told: string): string {
  const at = Date.parse(told.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(at) ? told : `${new Date(at).toISOString().slice(0, '2027-03-01T09:00'.length).replace('T', ' ')} UTC`;
}
