import { createTelling, type TellParts, type Told } from './tell-incidents.js';

export interface IncidentWatchParts extends TellParts {
  /** Those that are served now. */
  readonly authorities: () => readonly Told[];
  readonly timer: { after(ms: number, action: () => void): () => void };
}

export interface IncidentWatch {
  start(): void;
  /** Something has happened: looks soon, once for all that happens together. */
  wake(): void;
  /** Looks now. Never rejects. */
  look(): Promise<void>;
  /** Resolves when no look is under way any more. */
  stop(): Promise<void>;
}

/** What no event told of (another process saw it, this one was just started) is found by a look this often, milliseconds. */
const LOOK_EVERY_MS = 60_000;
const WAKE_MS = 2_000;

/** Compares what is the matter with what was told, and tells the difference: by mail, one process of several, beside the
 * deliveries. What was told is kept in the store, so that a restart repeats nothing. A mail is told again only if a process
 * dies between the server's answer and the note of it. */
export function createIncidentWatch(parts: IncidentWatchParts): IncidentWatch {
  const { timer, logger } = parts;
  const lookAt = createTelling(parts);
  let stopped = false;
  let cancel: (() => void) | undefined;
  let cancelWake: (() => void) | undefined;
  let looking: Promise<void> = Promise.resolve();

  function look(): Promise<void> {
    looking = looking.then(async () => {
      for (const told of parts.authorities()) {
        if (stopped) return;
        await lookAt(told).catch((error: unknown) => { logger.warn('Incidents could not be looked for; it is tried again', { authority: told.id, error }); });
      }
    });
    return looking;
  }

  function regularly(): void {
    void look().then(() => { if (!stopped) cancel = timer.after(LOOK_EVERY_MS, regularly); });
  }

  return {
    start: regularly,
    wake() {
      if (stopped || cancelWake !== undefined) return;
      cancelWake = timer.after(WAKE_MS, () => { cancelWake = undefined; void look(); });
    },
    look,
    async stop() {
      stopped = true;
      cancel?.();
      cancelWake?.();
      await looking;
    },
  };
}
