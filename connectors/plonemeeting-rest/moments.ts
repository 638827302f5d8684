import { momentShown } from '../../src/domain/wall-clock.js';

/** The years that can be told to callers, which have four digits; a day less on either side, for the time zones. */
const FIRST = Date.parse('0001-01-02T00:00:00Z');
const LAST = Date.parse('9999-12-30T00:00:00Z');

/** A date of JSON as epoch milliseconds: with an offset as it says, without one as the clocks of `timeZone` show it
 * (contracts/plonemeeting-rest.md §1). Null for what is no date. */
export function momentOf(text: string, timeZone: string): number | null {
  const wall = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?$/.exec(text.trim());
  const at = wall === null ? Date.parse(text) : Date.parse(`${wall[1] ?? ''}T${wall[2] ?? ''}Z`);
  if (!(at >= FIRST && at <= LAST)) return null;
  return wall === null ? at : momentShown(timeZone, at);
}
