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
