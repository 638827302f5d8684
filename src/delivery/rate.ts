/** A connector may be used so many times in a minute. What a lane keeps is when its next slot opens; after a pause, a
 * second's worth of slots is open at once, never more. Times are epoch milliseconds. */

const MINUTE_MS = 60_000;
const BURST_MS = 1000;

/** How many deliveries may begin now. */
export function openSlots(nextSlotAt: number, perMinute: number | null, now: number): number {
  if (perMinute === null) return Infinity;
  const from = firstSlot(nextSlotAt, perMinute, now);
  return from > now ? 0 : Math.floor((now - from) * perMinute / MINUTE_MS) + 1;
}

/** When the next slot opens, once `taken` of those that were open now are used. */
export function slotAfter(nextSlotAt: number, perMinute: number, taken: number, now: number): number {
  return Math.round(firstSlot(nextSlotAt, perMinute, now) + taken * MINUTE_MS / perMinute);
}

/** Not so far back that more than the burst is open. Further ahead than one interval is where only a clock that was set
 * back, or a rate that was raised, can have left it. */
function firstSlot(nextSlotAt: number, perMinute: number, now: number): number {
  const interval = MINUTE_MS / perMinute;
  if (nextSlotAt > now + interval + 1) return now;
  const burst = Math.max(1, Math.floor(BURST_MS / interval));
  return Math.max(nextSlotAt, now - (burst - 1) * interval);
}
