import type { Clock } from '../platform/clock.js';
import type { Logger } from '../platform/logger.js';
import { ENTRIES_PER_SEAL, makeSeal, sealText } from './seal.js';
import type { JournalStore } from './store.js';

/** Gets a token (RFC 3161, DER in base64, verified) over a text. */
export type Stamp = (text: string) => Promise<string>;

export interface TimestamperParts {
  readonly store: JournalStore;
  /** Without one, seals are made and stay without token. */
  readonly stamp: Stamp | null;
  readonly clock: Clock;
  readonly timer: { after(ms: number, action: () => void): () => void };
  readonly logger: Logger;
  /** Between two rounds, milliseconds. */
  readonly everyMs: number;
}

export interface Timestamper {
  /** The first round begins at once. */
  start(): void;
  /** Resolves when no round is under way any more. */
  stop(): Promise<void>;
  /** Seals what is not sealed of one authority and asks for its tokens, now. Resolves with the number of seals made.
   * Rejects only when the store does. */
  sealNow(authority: string): Promise<number>;
}

/** Tokens asked for in one round and authority: an outage leaves a backlog, which must not hold the round for ever. */
const TOKENS_PER_ROUND = 200;

/** Seals the journals regularly and has the seals time-stamped, beside everything else: when the time-stamp authority is
 * down seals wait for their tokens, which shows in the lag and nowhere else. */
export function createTimestamper(parts: TimestamperParts): Timestamper {
  const { store, stamp, clock, timer, logger } = parts;
  let stopped = false;
  let cancel: (() => void) | undefined;
  let underWay: Promise<void> = Promise.resolve();
  let outage = false;

  async function round(): Promise<void> {
    try {
      for (const authority of await store.authorities()) if (!stopped) await sealNow(authority);
    } catch (error) {
      logger.warn('The journal could not be sealed; it is tried again later', { error });
    }
    if (!stopped) cancel = timer.after(parts.everyMs, begin);
  }

  function begin(): void {
    underWay = round();
  }

  async function sealNow(authority: string): Promise<number> {
    let made = 0;
    for (;;) {
      const last = await store.lastSeal(authority);
      const from = (last?.to ?? 0) + 1;
      const hashes = await store.hashes(authority, from, from + ENTRIES_PER_SEAL - 1);
      if (hashes.length === 0) break;
      if (await store.addSeal(makeSeal(authority, last, hashes, clock.now()))) made += 1;
    }
    if (stamp !== null) await stampWaiting(authority, stamp);
    return made;
  }

  async function stampWaiting(authority: string, ask: Stamp): Promise<void> {
    for (const seal of await store.unstamped(authority, TOKENS_PER_ROUND)) {
      let token: string;
      try {
        token = await ask(sealText(seal));
      } catch (error) {
        if (!outage) logger.warn('The time-stamp authority gives no token; seals wait for it', { authority, seal: seal.number, error });
        outage = true;
        return;
      }
      if (outage) logger.info('The time-stamp authority gives tokens again', { authority });
      outage = false;
      await store.addToken(authority, seal.number, token);
    }
  }

  return {
    start: begin,
    async stop() {
      stopped = true;
      cancel?.();
      await underWay;
    },
    sealNow,
  };
}
