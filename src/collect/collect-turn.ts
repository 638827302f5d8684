import { backoff } from '../delivery/backoff.js';
import type { ConnectorPlace } from '../delivery/connector-context.js';
import type { IntakeStore } from '../intake/store.js';
import { RecentMap } from '../platform/recent-map.js';
import { collectFrom, type Collected, type CollectParts, type CollectTarget, type Found } from './collect-from.js';
import type { CollectStore } from './store.js';

export interface TurnParts extends CollectParts {
  readonly store: CollectStore & Pick<IntakeStore, 'takenBefore'>;
  /** In [0, 1). */
  readonly random: () => number;
  /** One that waited over there, for metrics. It must not throw. */
  readonly onFound: (place: ConnectorPlace, found: Found) => void;
  /** A breaker changed: somebody is to be told. It must not throw. */
  readonly onBreaker: () => void;
}

/** After this a look ends, whatever still waits: the next one goes on where it was, milliseconds. */
const LONGEST_MS = 30 * 60_000;
const RETRY = { firstDelayMs: 60_000, factor: 2 };
/** What was told once of one that cannot be taken is not told each time. */
const TOLD = 1_000;

/** Returns the function that carries out one turn of a connector: it collects, tells what came of it, and says when the next turn is. */
export function createCollectTurn(parts: TurnParts, stop: AbortSignal): (target: CollectTarget) => Promise<void> {
  const { store, timer, logger } = parts;
  /** In a row, by connector. */
  const failures = new Map<string, number>();
  const told = new RecentMap<true>(TOLD);
  /** Keys of those that could not be taken the last time, by connector. */
  const behind = new Map<string, ReadonlySet<string>>();

  function tell(place: ConnectorPlace, { found, stopped }: Collected): void {
    for (const one of found) {
      parts.onFound(place, one);
      if (one.became === 'kept') logger.info('Collected', { ...place, key: one.key, item: one.uid });
      if (one.became === 'failed') tellOnce(JSON.stringify([place, one]), { ...place, key: one.key, reason: one.reason });
    }
    if (stopped !== null && !stop.aborted) logger.warn('What waits on the other side could not be collected; it is tried again', { ...place, reason: stopped });
  }

  function tellOnce(name: string, fields: Readonly<Record<string, string>>): void {
    if (told.get(name) === undefined) logger.warn('Something that waits on the other side cannot be taken; the others are', fields);
    told.set(name, true);
  }

  return async (target) => {
    const place = { authority: target.authority.id, connector: target.setting.id };
    const key = JSON.stringify(place);
    const limit = new AbortController();
    const endLimit = timer.after(LONGEST_MS, () => limit.abort(new Error(`It took longer than ${LONGEST_MS / 60_000} minutes.`)));
    const collected = await collectFrom(target, parts, AbortSignal.any([stop, limit.signal]), behind.get(key)).finally(endLimit);
    tell(place, collected);
    behind.set(key, new Set(collected.found.flatMap((one) => (one.became === 'failed' ? [one.key] : []))));
    const failed = collected.stopped === null ? 0 : (failures.get(key) ?? 0) + 1;
    failures.set(key, failed);
    const { breaker } = await store.end(place, collected.health, failed === 0 ? null : againAfter(collected, target.everyMs, backoff({ ...RETRY, maxDelayMs: target.everyMs }, failed, parts.random)));
    if (breaker !== null) parts.onBreaker();
  };
}

/** Sooner than its time, but never without a pause. */
function againAfter({ retryAfterMs }: Collected, everyMs: number, pauseMs: number): number {
  return Math.min(everyMs, Math.max(retryAfterMs ?? 0, pauseMs));
}
