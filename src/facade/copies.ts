import { hash } from 'node:crypto';
import type { Timer } from '../delivery/timer.js';
import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { createKeepLater } from './keep-later.js';
import type { CopyStore } from './store.js';

/** What copies in memory may hold: of both, whichever is reached first. Bytes are counted as JSON. */
const MOST_COPIES = 5_000;
const MOST_BYTES = 32 * 1024 * 1024;
/** Kept copies are dropped when nobody read them for this long; one that has not changed is written again soon enough before. */
const KEPT_MS = 30 * 24 * 3_600_000;
const WRITTEN_AGAIN_MS = 24 * 3_600_000;
const MOST_KEPT = 50_000;
/** Writes after which old copies are dropped. */
const TIDY_EVERY = 500;

/** What was read over there, and when. */
export interface Copy<Value> {
  readonly value: Value;
  /** When it was asked for over there, epoch milliseconds. */
  readonly at: number;
}

/** What was read of one connector: the newest in memory, and all in the store for when the other side is away. Values are plain JSON. */
export interface Copies {
  /** That in memory, at once. */
  recent(key: string): Copy<unknown> | undefined;
  /** That in memory, or else in the store. */
  any(key: string): Promise<Copy<unknown> | undefined>;
  /** Takes what was read in place of the one before. It is kept in the store behind the caller's back: losing it costs freshness only. */
  put(key: string, copy: Copy<unknown>): void;
  /** Keeps what is not kept yet; resolves when nothing is being written any more. */
  settled(): Promise<void>;
}

interface Held extends Copy<unknown> {
  readonly bytes: number;
  readonly digest: string;
  /** When the store got it; null: it is not known to have it. */
  readonly keptAt: number | null;
}

export interface CopiesParts {
  readonly store: CopyStore;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly logger: Logger;
}

/** None is in memory yet. */
export function createCopies(authority: string, connector: string, { store, clock, timer, logger }: CopiesParts): Copies {
  const held = new Map<string, Held>();
  let bytes = 0;
  let writes = 0;
  const later = createKeepLater(timer, keepOrTell);

  function hold(key: string, one: Held): void {
    drop(key);
    held.set(key, one);
    bytes += one.bytes;
    for (const oldest of held.keys()) {
      if (held.size <= MOST_COPIES && bytes <= MOST_BYTES) break;
      drop(oldest);
    }
  }

  function drop(key: string): void {
    bytes -= held.get(key)?.bytes ?? 0;
    held.delete(key);
  }

  async function fromStore(key: string): Promise<Held | undefined> {
    const kept = await store.read(authority, connector, 'item', key);
    return kept === null ? undefined : { ...weigh(kept.value), at: kept.at, keptAt: kept.at };
  }

  async function keep(key: string, one: Held): Promise<void> {
    const before = await fromStore(key);
    if (before?.digest === one.digest && !isOld(before.at, one.at)) return;
    if (before === undefined && isNothing(one.value)) return;
    await store.write(authority, connector, 'item', key, one.value, one.at);
    writes += 1;
    if (writes % TIDY_EVERY === 1) await store.tidy(authority, connector, 'item', { before: clock.now() - KEPT_MS, atMost: MOST_KEPT });
  }

  async function keepOrTell(key: string, one: Held): Promise<void> {
    try {
      await keep(key, one);
    } catch (error) {
      // It is tried again when it is read again.
      if (held.get(key)?.digest === one.digest) hold(key, one);
      logger.warn('What was read of the system behind could not be kept', { connector, error });
    }
  }

  return {
    recent: (key) => held.get(key),
    async any(key) {
      const found = held.get(key) ?? await fromStore(key);
      if (found !== undefined && !held.has(key)) hold(key, found);
      return found;
    },
    put(key, { value, at }) {
      const before = held.get(key);
      const weighed = weigh(value);
      const keptAt = before?.digest === weighed.digest ? before.keptAt : null;
      const isKept = keptAt !== null && !isOld(keptAt, at);
      hold(key, { ...weighed, at, keptAt: isKept ? keptAt : at });
      if (!isKept) later.add(key, { ...weighed, at, keptAt: null });
    },
    settled: () => later.settled(),
  };
}

/** That there is nothing is worth keeping only where there was something: whoever asks for what never was must not push out what is. */
function isNothing(value: unknown): boolean {
  return value === 'unknown' || (Array.isArray(value) && value.length === 0);
}

function weigh(value: unknown): Pick<Held, 'value' | 'bytes' | 'digest'> {
  const json = JSON.stringify(value);
  return { value, bytes: json.length, digest: hash('sha1', json, 'base64') };
}

function isOld(keptAt: number, now: number): boolean {
  return now - keptAt > WRITTEN_AGAIN_MS;
}
