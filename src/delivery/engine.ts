import { setMaxListeners } from 'node:events';
import type { AttemptParts } from './attempt.js';
import { createDeliver } from './deliver.js';
import { createReaper } from './reaper.js';
import { createRunning } from './running.js';
import type { Delivered } from './settle.js';
import type { ClaimRequest, DeliveryStore } from './store.js';

export interface EngineOptions {
  /** Deliveries under way at once in this process, over all connectors. */
  readonly concurrency: number;
  readonly leaseMs: number;
  /** How often expired leases are looked for, milliseconds. */
  readonly reapEveryMs: number;
  /** Looks for work at least this often, milliseconds: operators and other nodes change the ledger without telling. */
  readonly lookEveryMs: number;
  readonly attemptMs: number;
  /** How long `stop` lets running deliveries end by themselves, milliseconds. */
  readonly drainMs: number;
}

const DEFAULTS: EngineOptions = { concurrency: 16, leaseMs: 60_000, reapEveryMs: 30_000, lookEveryMs: 2_000, attemptMs: 30 * 60_000, drainMs: 10_000 };

export interface EngineParts extends Omit<AttemptParts, 'store' | 'leaseMs' | 'attemptMs'> {
  readonly store: DeliveryStore;
  /** Names this process in leases; a new one at every start. */
  readonly owner: string;
  /** Makes the uids of annexes that are brought back. */
  readonly newId: () => string;
  /** Awaited before each claim, so that a busy intake goes first. By default one turn of the event loop. */
  readonly giveWay?: () => Promise<void>;
  /** In [0, 1); Math.random by default. */
  readonly random?: () => number;
  /** Takes secrets out of what connectors and the other side say, before it is kept. */
  readonly hide?: (text: string) => string;
  /** Told of every outcome once it is on disk, for metrics and notices. It must not throw. */
  readonly onOutcome?: (delivered: Delivered) => void;
  readonly options?: Partial<EngineOptions>;
}

export interface Engine {
  /** Recovers expired leases and begins to deliver. */
  start(): void;
  /** Looks for work now, without waiting for the next due time. Cheap; call it after every acceptance. */
  wake(): void;
  /** Deliveries under way in this process. */
  inFlight(): number;
  /** Claims nothing more, waits for what runs, aborts what does not end. Resolves when nothing runs; never rejects. */
  stop(): Promise<void>;
}

/** The store could not answer: try again after this long. */
const STORE_RETRY_MS = 5_000;

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
  const abort = new AbortController();
  const deliver = createDeliver({ ...parts, ...options, random: parts.random ?? Math.random, onOutcome: parts.onOutcome ?? ignore, hide: parts.hide ?? ((text) => text) }, abort.signal);
  const limitsOf = limitsFrom(parts);
  const running = createRunning(timer, wake);
  const reaper = createReaper({ store, timer, logger, everyMs: options.reapEveryMs, reaped: wake });
  // Every delivery under way listens, which is no leak.
  setMaxListeners(0, abort.signal);
  let stopping: Promise<void> | undefined;
  let pumping: Promise<void> | undefined;
  let wokenMeanwhile = false;
  let cancelLook: (() => void) | undefined;

  return { start: () => reaper.start(), wake, inFlight: () => running.size(), stop: () => stopping ??= drain() };

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
    cancelLook?.();
    cancelLook = timer.after(nextLook, wake);
  }

  /** Resolves with the milliseconds after which to look again; undefined when only a wake can bring work. What ends while
   * this runs is made up for by one claim for all of it. */
  async function claimAndLaunch(): Promise<number | undefined> {
    const free = options.concurrency - running.size();
    if (free <= 0 || stopping !== undefined) return undefined;
    const lookedAt = parts.clock.now();
    const claimed = await store.claim({ owner: parts.owner, leaseMs: options.leaseMs, limit: free, limitsOf });
    for (const one of claimed) running.begin([one, ...one.companions].map(({ delivery }) => delivery.id), () => deliver(one));
    // A full hand: the end of any of them wakes the engine.
    if (claimed.length === free || wokenMeanwhile) return undefined;
    const due = await store.nextDueAt(limitsOf);
    // Due, but not to be had: a limit of its connector, another node, another clock. Do not spin.
    if (due === null || due <= lookedAt) return options.lookEveryMs;
    return Math.min(Math.max(0, due - parts.clock.now()), options.lookEveryMs);
  }

  async function drain(): Promise<void> {
    cancelLook?.();
    reaper.stop();
    await pumping;
    if (await running.settled(options.drainMs)) return;
    abort.abort(new Error('Relais is stopping.'));
    if (await running.settled(ABORT_MS)) return;
    logger.warn('Deliveries did not end in time; they are taken up again when their lease ends', { deliveries: running.size() });
  }
}

/** Limits as they are configured now, and what the connector can do for several at once. */
function limitsFrom({ authority, connectors }: Pick<EngineParts, 'authority' | 'connectors'>): ClaimRequest['limitsOf'] {
  return (authorityId, connectorId) => {
    const setting = authority(authorityId)?.connectors.find(({ id }) => id === connectorId);
    if (setting === undefined) return null;
    const { survey, together } = connectors.get(setting.type) ?? {};
    return { ...setting.limits, ...(survey === undefined ? {} : { askTogether: survey.atMost }), gathers: together !== undefined };
  };
}

function ignore(): void {
  // Nobody asked to be told.
}
