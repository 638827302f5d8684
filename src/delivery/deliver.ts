import { askAbout } from './ask-about.js';
import { attempt } from './attempt.js';
import { hold, type Held } from './hold.js';
import { sendLoad } from './send-load.js';
import { sendOrProbe } from './send-or-probe.js';
import { createSettle, type Settle, type SettleParts } from './settle.js';
import type { Claim } from './store.js';
import { surveyMany } from './survey-many.js';

/** Returns the function that takes what was claimed for one slot through an attempt to its next state on disk. It never
 * rejects. `stop` aborts when the engine gives up what still runs. */
export function createDeliver(parts: SettleParts, stop: AbortSignal): (claim: Claim) => Promise<void> {
  const settle = createSettle(parts, stop);

  return async function deliver(claim) {
    const first = hold(claim, parts, stop);
    const held: readonly [Held, ...Held[]] = [first, ...claim.companions.map((companion) => hold(companion, parts, stop))];
    try {
      await carryOut(held, parts, settle);
    } catch (error) {
      // Leases run out and the reaper brings back what has no outcome.
      parts.logger.warn('A delivery could not be carried out', { delivery: claim.delivery.id, error });
    } finally {
      for (const one of held) one.release();
    }
  };
}

/** What was sent is asked for, or taken back; what was gathered leaves with its load; what was marked is probed; the rest is
 * gathered or submitted. */
async function carryOut(held: readonly [Held, ...Held[]], parts: SettleParts, settle: Settle): Promise<void> {
  const [first, ...companions] = held;
  if (first.claimed.gathered) return sendLoad(held, parts, settle);
  if (companions.length > 0) return surveyMany(held, parts, settle);
  const began = parts.clock.now();
  const isSent = first.claimed.delivery.state === 'sent';
  await settle(first, await attempt([first], parts, (alone) => (isSent ? askAbout(alone, parts) : sendOrProbe(alone, parts))), { began });
}
