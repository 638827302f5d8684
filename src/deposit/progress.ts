import type { Logger } from '../platform/logger.js';

/** A smaller file is read before anybody wonders. */
const LARGE_BYTES = 16 * 2 ** 20;
const EVERY_MS = 5_000;

/** Says from time to time how far a large file is. `total` is null where nobody announced it; `now` is time that only grows, milliseconds. */
export function createProgress(logger: Logger, now: () => number): (name: string, received: number, total: number | null) => void {
  const told = new Map<string, number>();
  return (name, received, total) => {
    if (total !== null && received >= total) {
      if (told.delete(name)) logger.info('A large file was received', { file: name, received });
      return;
    }
    if ((total ?? received) < LARGE_BYTES) return;
    const last = told.get(name);
    if (last !== undefined && now() - last < EVERY_MS) return;
    told.set(name, now());
    if (last !== undefined || total !== null) logger.info('A large file is being received', { file: name, received, total });
  };
}
