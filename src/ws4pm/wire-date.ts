import type { Ws4pmSettings } from '../domain/authority.js';
import { wallClock } from '../domain/wall-clock.js';

/** What stands for «no meeting»: always this instant, never nil, empty or left out (contracts/soap-clients.md, rule 2).
 * It is not shifted by `local-as-utc`: clients test the year, and urban also day and month. */
const NO_DATE = Date.UTC(1950, 0, 1);

/** The xsd:dateTime for an instant (epoch milliseconds): true UTC, or the wall clock of the authority labelled as UTC,
 * as the reference server does (contracts/ws4pm.md §1.5). Undefined gives the date that means none. */
export function wireDate({ dates, timeZone }: Pick<Ws4pmSettings, 'dates' | 'timeZone'>, at: number | undefined): Date {
  if (at === undefined) return new Date(NO_DATE);
  return new Date(dates === 'utc' ? at : wallClock(timeZone, at));
}
