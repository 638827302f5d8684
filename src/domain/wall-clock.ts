const formats = new Map<string, Intl.DateTimeFormat>();

/** What the clocks on the wall of a time zone (IANA name) show at a moment (epoch milliseconds): the same figures read as UTC,
 * epoch milliseconds, whole seconds. */
export function wallClock(timeZone: string, at: number): number {
  const parts = Object.fromEntries(formatOf(timeZone).formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = NaN, month = NaN, day, hour, minute, second } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Kept, because making one costs a hundred times more than using it. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', {
    timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** True for the name of a time zone that this machine knows. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const DAY_MS = 86_400_000;

/** The moment (epoch milliseconds) at which the clocks of a time zone show `wall` (their figures read as UTC, epoch milliseconds): of two
 * in autumn the first; of a time that they skip in spring, the moment at which they skip it. */
export function momentShown(timeZone: string, wall: number): number {
  // The offset lies within a day, so one of these two days around the time has the one that applies.
  const [before, after] = [wall - DAY_MS, wall + DAY_MS].map((at) => wall - offsetAt(timeZone, at));
  const candidates = [before ?? wall, after ?? wall];
  const right = candidates.filter((moment) => moment + offsetAt(timeZone, moment) === wall);
  return right.length === 0 ? skippedAt(timeZone, Math.min(...candidates)) : Math.min(...right);
}

/** Local time minus UTC, milliseconds. */
function offsetAt(timeZone: string, moment: number): number {
  return wallClock(timeZone, moment) - Math.floor(moment / 1000) * 1000;
}

/** The change of the clocks that follows a moment shortly before it, by halving. */
function skippedAt(timeZone: string, shortlyBefore: number): number {
  const old = offsetAt(timeZone, shortlyBefore);
  let [low, high] = [shortlyBefore, shortlyBefore + DAY_MS];
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000;
    if (offsetAt(timeZone, middle) === old) low = middle;
    else high = middle;
  }
  return high;
}
