import type { BusinessHours } from '../domain/flow.js';
import { wallClock } from '../domain/wall-clock.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Days looked at before giving up: two years of holidays are a mistake in the configuration. */
const LONGEST_CLOSED_DAYS = 2 * 366;

/** True at a moment (epoch milliseconds) at which the step may send: by the clocks on the wall, whatever they do in spring
 * and autumn. */
export function isOpen(hours: BusinessHours, at: number): boolean {
  const wall = wallClock(hours.timeZone, at);
  const minutes = (wall - midnightOf(wall)) / MINUTE_MS;
  return isWorkingDay(hours, midnightOf(wall)) && minutes >= hours.from && minutes < hours.to;
}

/** The first moment (epoch milliseconds) from `at` on at which the step may send: `at` itself when it is open. Null when
 * none comes within two years. */
export function nextOpening(hours: BusinessHours, at: number): number | null {
  if (isOpen(hours, at)) return at;
  const today = midnightOf(wallClock(hours.timeZone, at));
  // Yesterday as well: clocks that are put back over midnight show it twice.
  for (let days = -1; days <= LONGEST_CLOSED_DAYS; days += 1) {
    const day = today + days * DAY_MS;
    if (!isWorkingDay(hours, day)) continue;
    const openings = openingsOn(day, hours).filter((opening) => opening > at);
    if (openings.length > 0) return Math.min(...openings);
  }
  return null;
}

/** Moments of a day (wall midnight read as UTC) at which it may become open: the wall shows `from`, or the clocks jump into
 * the opening hours. */
function openingsOn(day: number, hours: BusinessHours): number[] {
  const { timeZone } = hours;
  const wall = day + hours.from * MINUTE_MS;
  // The zone's offset lies within a day, so these two moments lie on either side of the whole local day.
  const [early, late] = [day - DAY_MS, day + 2 * DAY_MS];
  const [before, after] = [offsetAt(early, timeZone), offsetAt(late, timeZone)];
  const moments = before === after ? [wall - before] : [wall - before, wall - after, changeOfOffset(early, late, timeZone)];
  return moments.filter((moment) => midnightOf(wallClock(timeZone, moment)) === day && isOpen(hours, moment));
}

/** The moment between two at which the clocks of the zone are put forward or back, to the minute. */
function changeOfOffset(early: number, late: number, timeZone: string): number {
  const before = offsetAt(early, timeZone);
  let [last, first] = [early / MINUTE_MS, late / MINUTE_MS];
  while (first - last > 1) {
    const middle = Math.floor((last + first) / 2);
    if (offsetAt(middle * MINUTE_MS, timeZone) === before) last = middle;
    else first = middle;
  }
  return first * MINUTE_MS;
}

function isWorkingDay(hours: BusinessHours, day: number): boolean {
  const date = new Date(day);
  return hours.days.includes(date.getUTCDay() === 0 ? 7 : date.getUTCDay()) && !hours.holidays.includes(date.toISOString().slice(0, 10));
}

function midnightOf(wall: number): number {
  return Math.floor(wall / DAY_MS) * DAY_MS;
}

/** Local time minus UTC, milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
  return wallClock(timeZone, moment) - Math.floor(moment / 1000) * 1000;
}
