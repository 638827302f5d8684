import { wallClock } from '../domain/wall-clock.js';

/** A time on the wall of a place. Months count from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const DAY_MS = 86_400_000;

/** The moment (epoch milliseconds) of a wall time. Null for a time that the clocks skip in spring; of a time that occurs
 * twice in autumn, the first. */
export function momentOf(wall: WallTime, timeZone: string): number | null {
  const asUtc = Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
  // The zone's offset lies within a day, so one of these two days around the time has the offset that applies.
  const candidates = [asUtc - offsetAt(asUtc - DAY_MS, timeZone), asUtc - offsetAt(asUtc + DAY_MS, timeZone)];
  const right = candidates.filter((moment) => moment + offsetAt(moment, timeZone) === asUtc);
  return right.length === 0 ? null : Math.min(...right);
}

/** Reads `2027-03-02T18:30`, optionally with seconds; null if it is no such date. */
export function readWallTime(text: string): WallTime | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::00)?$/.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute));
  // A date that does not exist (30 February, 24:00) has rolled over.
  const rolledOver = date.toISOString().slice(0, 16) !== `${text.slice(0, 10)}T${text.slice(11, 16)}`;
  return rolledOver ? null : { year, month, day, hour, minute };
}

/** The moment `days` after the local day of `from`, at a time of that day; an hour later if the clocks skip it. */
export function daysAfter(from: number, days: number, at: { readonly hour: number; readonly minute: number }, timeZone: string): number {
  const local = new Date(from + offsetAt(from, timeZone));
  const date = new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() + days));
  const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), ...at };
  return momentOf(wall, timeZone) ?? momentOf({ ...wall, hour: wall.hour + 1 }, timeZone) ?? date.getTime();
}

/** Local time minus UTC, milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
  return wallClock(timeZone, moment) - Math.floor(moment / 1000) * 1000;
}
