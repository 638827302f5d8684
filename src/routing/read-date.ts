const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/;

/** A day as it is (`2027-03-01`), or a moment as ISO text in UTC; of a text of either form, or of epoch milliseconds.
 * Undefined for anything else, a day that no calendar has, and a moment without time zone: it would be a guess. */
export function readDate(value: unknown): string | undefined {
  if (typeof value === 'number') return isoOf(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (DAY.test(text)) return isDay(text) ? text : undefined;
  const day = MOMENT.exec(text)?.[1];
  return day !== undefined && isDay(day) ? isoOf(Date.parse(text)) : undefined;
}

/** `Date` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  return isoOf(Date.parse(`${text}T00:00:00Z`))?.startsWith(text) ?? false;
}

function isoOf(time: number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
