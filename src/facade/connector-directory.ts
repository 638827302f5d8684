import type { Timer } from '../delivery/timer.js';
import { readSeen, seeAgain, type SeenDirectory } from './seen-directory.js';
import type { KnowingParts } from './upstream.js';

/** How a directory is refreshed, milliseconds. Groups and meetings change a few times a day. */
const REFRESH_MS = { every: 5 * 60_000, afterFailure: 30_000, wait: 60_000 };

/** Nodes and authorities that began together do not ask together: this share of the time is left to chance. */
const JITTER = 0.2;

export interface ConnectorDirectoryParts extends KnowingParts {
  readonly configIds: readonly string[];
  readonly timer: Timer;
  readonly random: () => number;
}

/** What is known of the system behind, for operators. */
export interface DirectoryStatus {
  readonly connector: string;
  /** When it was seen last, epoch milliseconds; null: never. */
  readonly at: number | null;
  /** Why it could not be seen at the last try, in plain words; null: it could. */
  readonly problem: string | null;
  /** Ids of meeting configs that it does not have. */
  readonly missing: readonly string[];
}

/** Configs, organisations and meetings of one system, refreshed from time to time and kept for when it is away. */
export interface ConnectorDirectory {
  /** Null: never. */
  seen(): SeenDirectory | null;
  status(): DirectoryStatus;
  /** Reads what was kept. Never rejects. */
  load(): Promise<void>;
  /** Asks now. Never rejects. */
  refresh(): Promise<void>;
  /** Asks now, and then from time to time. */
  start(): Promise<void>;
  stop(): void;
}

/** Nothing is seen until `load` or `refresh`. */
export function createConnectorDirectory(parts: ConnectorDirectoryParts): ConnectorDirectory {
  const { authority, connector, configIds, copies, questions, timer, logger, onChange } = parts;
  let seen: SeenDirectory | null = null;
  let at: number | null = null;
  let problem: string | null = null;
  let cancel = (): void => undefined;
  let stopped = false;

  async function refresh(): Promise<void> {
    const upstream = parts.upstream();
    if (upstream === undefined) return;
    const outcome = await questions.ask('directory', REFRESH_MS.wait, (signal) => upstream.deliberation.directory(configIds, upstream.settings, upstream.context(signal)));
    if (typeof outcome === 'string') tellProblem(outcome === 'slow' ? `no answer within ${REFRESH_MS.wait / 1000} s` : 'it cannot be asked');
    else if ('refused' in outcome) tellProblem(outcome.refused.message);
    else await take(seeAgain(seen, outcome.answer), outcome.askedAt);
  }

  async function take(next: SeenDirectory, askedAt: number): Promise<void> {
    const changed = JSON.stringify(next) !== JSON.stringify(seen);
    seen = next;
    at = askedAt;
    tellProblem(null);
    if (changed) {
      const missing = missingOf(next, configIds);
      logger.info('The directory of the system behind is new', { version: next.directory.version, organisations: next.directory.organisations.length });
      if (missing.length > 0) logger.warn('The system behind does not have these meeting configs; their ids are wrong, or its account may not see them', { missing });
      onChange();
    }
    await copies.write(authority, connector, 'directory', '', next, askedAt).catch((error: unknown) => { logger.warn('The directory of the system behind could not be kept', { error }); });
  }

  function tellProblem(next: string | null): void {
    if (next !== null && problem === null) logger.warn('The system behind cannot be asked what it is made of; what was seen last is used', { reason: next, at });
    problem = next;
  }

  async function again(): Promise<void> {
    await refresh();
    if (stopped) return;
    const ms = problem === null ? REFRESH_MS.every : REFRESH_MS.afterFailure;
    cancel = timer.after(ms * (1 + JITTER * (parts.random() - 0.5)), () => void again());
  }

  return {
    seen: () => seen,
    status: () => ({ connector, at, problem, missing: seen === null ? [] : missingOf(seen, configIds) }),
    async load() {
      const kept = await copies.read(authority, connector, 'directory', '').catch((error: unknown) => {
        logger.warn('What was seen last of the system behind could not be read', { error });
        return null;
      });
      seen = kept === null ? null : readSeen(kept.value);
      at = seen === null ? null : kept?.at ?? null;
      if (seen !== null) onChange();
    },
    refresh,
    start: again,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

function missingOf({ directory }: SeenDirectory, configIds: readonly string[]): string[] {
  return configIds.filter((id) => !directory.configs.some((config) => config.id === id));
}
