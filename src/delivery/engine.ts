import type { AttemptParts } from './attempt.js';
import { createDeliver } from './deliver.js';
import { createReaper } from './reaper.js';
import { createRunning } from './running.js';
import type { DeliveryStore } from './store.js';

export interface EngineOptions {
  /** Deliveries under way at once. Small: intake shares the thread and comes first. */
  readonly concurrency: number;
  readonly leaseMs: number;
  /** How often expired leases are looked for, milliseconds. */
  readonly reapEveryMs: number;
  readonly attemptMs: number;
  /** How long `stop` lets running deliveries end by themselves, milliseconds. */
  readonly drainMs: number;
}

const DEFAULTS: EngineOptions = { concurrency: 4, leaseMs: 60_000, reapEveryMs: 30_000, attemptMs: 30 * 60_000, drainMs: 10_000 };

export interface EngineParts extends Omit<AttemptParts, 'store' | 'leaseMs' | 'attemptMs'> {
  readonly store: DeliveryStore;
  /** Names this process in leases; a new one at every start. */
  readonly owner: string;
  /** Awaited before each claim and each delivery, so that a busy intake goes first. By default one turn of the event loop. */
  readonly giveWay?: () => Promise<void>;
  /** In [0, 1); Math.random by default. */
  readonly random?: () => number;
  readonly options?: Partial<EngineOptions>;
}

export interface Engine {
  /** Recovers expired leases and begins to deliver. */
  start(): void;
  /** Looks for work now, without waiting for the next due time. Cheap; call it after every acceptance. */
  wake(): void;
  /** Claims nothing more, waits for what runs, aborts what does not end. Resolves when nothing runs; never rejects. */
  stop(): Promise<void>;
}

/** The store could not answer: try again after this long. */
const STORE_RETRY_MS = 5_000;

/** A delivery is due but none could be claimed (another node, another clock): do not spin. */
const NOTHING_CLAIMED_MS = 1_000;

/** After an abort, a little more than the time that an attempt grants its connector. */
const ABORT_MS = 6_000;

function oneTurn(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}

/** Delivers what the store has due: claim, attempt, finish. One timer waits for the next due time, one for the reaper. */
export function createEngine(parts: EngineParts): Engine {
  const { store, timer, logger } = parts;
  const giveWay = parts.giveWay ?? oneTurn;
  const options: EngineOptions = { ...DEFAULTS, ...parts.options };
  const deliver = createDeliver({ ...parts, ...options, giveWay, random: parts.random ?? Math.random });
  const running = createRunning(timer, wake);
  const reaper = createReaper({ store, timer, logger, everyMs: options.reapEveryMs, reaped: wake });
  const abort = new AbortController();
  let stopping: Promise<void> | undefined;
  let pumping: Promise<void> | undefined;
  let wokenMeanwhile = false;
  let cancelDue: (() => void) | undefined;

  return { start: () => reaper.start(), wake, stop: () => stopping ??= drain() };

  function wake(): void {
    if (stopping !== undefined) return;
    if (pumping !== undefined) { wokenMeanwhile = true; return; }
    wokenMeanwhile = false;
    pumping = pump().finally(() => {
      pumping = undefined;
      if (wokenMeanwhile) wake();
    });
  }

  async function pump(): Promise<void> {
    let nextLook: number | undefined;
    try {
      await giveWay();
      nextLook = await claimAndLaunch();
    } catch (error) {
      logger.warn('The delivery engine cannot reach its store', { error });
      nextLook = STORE_RETRY_MS;
    }
    if (nextLook === undefined || stopping !== undefined) return;
    cancelDue?.();
    cancelDue = timer.after(nextLook, wake);
  }

  /** Resolves with the milliseconds after which to look again; undefined when only a wake can bring work. */
  async function claimAndLaunch(): Promise<number | undefined> {
    const free = options.concurrency - running.size();
    if (free <= 0 || stopping !== undefined) return undefined;
    const claimed = await store.claim(parts.owner, options.leaseMs, free);
    for (const one of claimed) running.add(deliver(one, abort.signal));
    // A full hand: the end of any of them wakes the engine.
    if (claimed.length === free) return undefined;
    const due = await store.nextDueAt();
    if (due === null) return undefined;
    const inMs = due - parts.clock.now();
    return inMs <= 0 && claimed.length === 0 ? NOTHING_CLAIMED_MS : inMs;
  }

  async function drain(): Promise<void> {
    cancelDue?.();
    reaper.stop();
    await pumping;
    if (await running.settled(options.drainMs)) return;
    abort.abort(new Error('Relais is stopping.'));
    if (await running.settled(ABORT_MS)) return;
    logger.warn('Deliveries did not end in time; they are taken up again when their lease ends', { deliveries: running.size() });
  }
}
