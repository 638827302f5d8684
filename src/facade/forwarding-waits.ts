import type { AwaitForwarding, ForwardingAnswer } from '../deliberation/create-item/await-forwarding.js';
import type { Timer } from '../delivery/timer.js';
import type { Delivery, DeliveryState } from '../domain/delivery.js';
import { FORWARD_STEP } from '../domain/flow.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';

/** How forwarding of an item stands, for whoever waits for it. */
export interface ForwardingStand {
  /** Of the delivery that forwards it. */
  readonly delivery: string;
  readonly state: DeliveryState;
  readonly reason: string | null;
  /** The system behind may have it. */
  readonly mayBeThere: boolean;
  /** What that system said when it took it. */
  readonly warnings: readonly string[];
  /** `ready`: nothing is tried before, epoch milliseconds; null: as long as an operator holds the connector. */
  readonly triedFrom: number | null;
}

/** What waiting needs of the ledger. */
export interface ForwardingStore {
  /** Of the newest delivery that forwards the item; null: none does. */
  standOf(authority: string, uid: string): Promise<ForwardingStand | null>;
  /** Withdraws the item of a delivery that was refused: it is cancelled, with what has not begun beside it. False, and nothing is
   * changed, where it is parked no more or the system behind may have the item. */
  withdrawRefused(authority: string, delivery: string): Promise<boolean>;
}

export interface ForwardingWaitsParts {
  readonly store: ForwardingStore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
  /** Looks at least this often, milliseconds, because other processes deliver and operators act without telling; one second if not
   * given. */
  readonly lookEveryMs?: number;
}

/** The calls of this process that wait until an item of theirs is forwarded. */
export interface ForwardingWaits {
  /** For the items of an authority. */
  awaitOf(authority: string): AwaitForwarding;
  /** To be told of every outcome that the delivery engine wrote. */
  onOutcome(written: { readonly delivery: Pick<Delivery, 'authority' | 'itemUid' | 'step'> }): void;
  /** Ends all waits: what is kept is forwarded after the next start. */
  stop(): void;
}

const LOOK_EVERY_MS = 1_000;
const NOT_YET: ForwardingAnswer = { came: 'not-yet' };

/** Rings when something became of an item; what rings while nobody listens is heard by the next who does. */
interface Bell {
  ring(): void;
  /** Resolves when it rings, or after so many milliseconds. */
  heard(withinMs: number): Promise<void>;
}

/** Nobody asks the ledger in vain: a wait looks once, then when the engine has written an outcome, and from time to time. */
export function createForwardingWaits({ store, clock, timer, logger, lookEveryMs = LOOK_EVERY_MS }: ForwardingWaitsParts): ForwardingWaits {
  const bells = new Map<string, Set<Bell>>();
  let stopped = false;

  async function wait(authority: string, uid: string, deadline: number, bell: Bell): Promise<ForwardingAnswer> {
    for (;;) {
      const answer = await look(authority, uid, deadline).catch((error: unknown) => {
        logger.warn('What became of forwarding an item could not be read', { item: uid, error });
        return null;
      });
      if (answer !== null) return answer;
      const left = deadline - clock.now();
      if (left <= 0 || stopped) return NOT_YET;
      await bell.heard(Math.min(left, lookEveryMs));
    }
  }

  /** Null: it may still come. */
  async function look(authority: string, uid: string, deadline: number): Promise<ForwardingAnswer | null> {
    const stand = await store.standOf(authority, uid);
    if (stand === null) return NOT_YET;
    if (stand.state !== 'parked') return answerIn(stand, deadline);
    if (stand.mayBeThere) return NOT_YET;
    return await store.withdrawRefused(authority, stand.delivery) ? { came: 'refused', reason: stand.reason ?? '' } : null;
  }

  return {
    awaitOf: (authority) => async (uid, withinMs) => {
      const name = nameOf(authority, uid);
      const bell = createBell(timer);
      const own = bells.get(name) ?? new Set();
      bells.set(name, own.add(bell));
      try {
        return await wait(authority, uid, clock.now() + withinMs, bell);
      } finally {
        own.delete(bell);
        if (own.size === 0) bells.delete(name);
      }
    },
    onOutcome({ delivery: { authority, itemUid, step } }) {
      if (step === FORWARD_STEP) for (const bell of bells.get(nameOf(authority, itemUid)) ?? []) bell.ring();
    },
    stop() {
      stopped = true;
      for (const own of bells.values()) for (const bell of own) bell.ring();
    },
  };
}

/** Null: it may still come until then. */
function answerIn({ state, reason, warnings, triedFrom }: ForwardingStand, deadline: number): ForwardingAnswer | null {
  if (state === 'sent' || state === 'done') return { came: 'reached', warnings };
  if (state === 'rejected' || state === 'cancelled') return { came: 'refused', reason: reason ?? '' };
  return state === 'ready' && (triedFrom === null || triedFrom > deadline) ? NOT_YET : null;
}

function nameOf(authority: string, uid: string): string {
  return JSON.stringify([authority, uid]);
}

function createBell(timer: Timer): Bell {
  let rung = false;
  let wake = (): void => { rung = true; };
  return {
    ring: () => wake(),
    heard: (withinMs) => new Promise((resolve) => {
      const end = (): void => {
        cancel();
        rung = false;
        wake = () => { rung = true; };
        resolve();
      };
      const cancel = timer.after(withinMs, end);
      if (rung) end();
      else wake = end;
    }),
  };
}
