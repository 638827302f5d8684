import type { Ws4pmSettings } from '../domain/authority.js';

/** What stands for «no meeting»: always this instant, never nil, empty or left out (contracts/soap-clients.md, rule 2).
 * It is not shifted by `local-as-utc`: clients test the year, and urban also day and month. */
const NO_DATE = Date.UTC(1950, 0, 1);

const formats = new Map<string, Intl.DateTimeFormat>();

/** The xsd:dateTime for an instant (epoch milliseconds): true UTC, or the wall clock of the authority labelled as UTC,
 * as the reference server does (contracts/ws4pm.md §1.5). Undefined gives the date that means none. */
export function wireDate({ dates, timeZone }: Pick<Ws4pmSettings, 'dates' | 'timeZone'>, at: number | undefined): Date {
  if (at === undefined) return new Date(NO_DATE);
  return new Date(dates === 'utc' ? at : wallClock(timeZone, at));
}

function wallClock(timeZone: string, at: number): number {
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
