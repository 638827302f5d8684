import { momentShown } from '../../src/domain/wall-clock.js';
import type { CouncilSoapSettings } from './config.js';

/** The last year that means that there is no date (contracts/ws4pm.md §1.5): in clocks behind UTC the sentinel falls into 1949. */
const NO_DATE_YEAR = 1950;

/** A time as the service tells it, epoch milliseconds; null for none. Its fraction is the number of a weekday and says nothing; its `Z`
 * says UTC while what stands before it is the time on the wall of the server, unless the settings know better. */
export function momentOf(told: string | undefined, { dates, timeZone }: Pick<CouncilSoapSettings, 'dates' | 'timeZone'>): number | null {
  const [, clock, year, offset] = /^\s*((\d{4})-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)?\s*$/.exec(told ?? '') ?? [];
  if (clock === undefined || Number(year) <= NO_DATE_YEAR) return null;
  const isWall = offset === undefined || (offset === 'Z' && dates === 'wall');
  const at = Date.parse(`${clock}${isWall ? 'Z' : offset}`);
  if (Number.isNaN(at)) return null;
  return isWall ? momentShown(timeZone, at) : at;
}
