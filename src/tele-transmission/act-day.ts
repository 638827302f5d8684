import { wallClock } from '../domain/wall-clock.js';

/** The State dates by its own clocks, wherever the authority is. */
const TIME_ZONE = 'Europe/Paris';

/** The day of a moment (epoch milliseconds) in France, `2027-03-01`. */
export function dayIn(moment: number): string {
  return new Date(wallClock(TIME_ZONE, moment)).toISOString().slice(0, '2027-03-01'.length);
}
