import type { ConnectorPlace } from '../delivery/connector-context.js';
import type { CollectTarget } from './collect-from.js';
import { createCollectTurn, type TurnParts } from './collect-turn.js';

export interface CollectorParts extends TurnParts {
  /** Those that are configured now. */
  readonly targets: () => readonly CollectTarget[];
}

export interface Collector {
  start(): void;
  /** The other side has news: it is asked now, in place of at its time. */
  hurry(place: ConnectorPlace): void;
  /** Lets what runs end soon. Never rejects. */
  stop(): Promise<void>;
}

/** Connectors that are asked at once. */
const AT_ONCE = 4;
/** How often it is looked who is due, milliseconds. */
const LOOK_EVERY_MS = 2_000;
/** The store is asked for a turn at least this often: an operator may have released the connector, or a reload have changed its time. */
const ASK_EVERY_MS = 30_000;

/** Asks connectors from time to time what waits over there, and takes it in. One process asks at a time, as far as the store can tell; of two
 * that do, one keeps an arrival. */
export function createCollector(parts: CollectorParts): Collector {
  const { store, clock, timer, logger } = parts;
  const stop = new AbortController();
  const collect = createCollectTurn(parts, stop.signal);
  const running = new Map<string, Promise<void>>();
  /** When the store may be asked for a turn. */
  const askAt = new Map<string, number>();
  const hurried = new Set<string>();
  let cancelLook: (() => void) | undefined;

  function look(): void {
    cancelLook?.();
    if (stop.signal.aborted) return;
    const due = parts.targets().map((target) => ({ target, key: keyOf(placeOf(target)) })).filter(({ key }) => !running.has(key) && isDue(key));
    for (const { target, key } of due.slice(0, AT_ONCE - running.size)) running.set(key, run(target, key).finally(() => { running.delete(key); look(); }));
    cancelLook = timer.after(LOOK_EVERY_MS, look);
  }

  function isDue(key: string): boolean {
    return hurried.has(key) || (askAt.get(key) ?? 0) <= clock.now();
  }

  /** Never rejects. */
  async function run(target: CollectTarget, key: string): Promise<void> {
    const isHurried = hurried.delete(key);
    askAt.set(key, clock.now() + Math.min(target.everyMs, ASK_EVERY_MS));
    try {
      const turn = await store.begin(placeOf(target), target.everyMs, isHurried);
      if (turn === 'begun') await collect(target);
      else if (turn.waitMs !== null) askAt.set(key, clock.now() + Math.min(turn.waitMs, ASK_EVERY_MS));
    } catch (error) {
      logger.warn('What waits on the other side could not be collected; it is tried again', { ...placeOf(target), error });
    }
  }

  return {
    start: look,
    hurry(place) {
      hurried.add(keyOf(place));
      look();
    },
    async stop() {
      stop.abort(new Error('Relais is stopping.'));
      cancelLook?.();
      await Promise.all(running.values());
    },
  };
}

function placeOf({ authority, setting }: CollectTarget): ConnectorPlace {
  return { authority: authority.id, connector: setting.id };
}

function keyOf({ authority, connector }: ConnectorPlace): string {
  return JSON.stringify([authority, connector]);
}
