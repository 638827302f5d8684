import type { ConnectorContext, Tracking } from '../connector-api/connector.js';
import { isFailure } from '../connector-api/failures.js';

/** How often it is tried to put a finished folder away, and how long after each other, milliseconds. */
const MOST_TRIES = 5;
const AGAIN_MS = 600_000;

/** A folder whose circuit is over; all that it gave is kept here (docs/decisions/020). */
export interface KeptFolder {
  readonly id: string;
  /** Why it was refused; null: it was finished. */
  readonly rejection: string | null;
  /** Tries to put it away that failed. */
  readonly tries: number;
}

/** Puts a folder away over there. What was decided stays decided: a finished one that cannot be put away is tried again, then left there
 * with a warning; a refused one is left at once, because erasing it is a courtesy (contracts/iparapheur.md §2.6). `remove` resolves where
 * the folder is gone, too; `dataAfter` is what the receipt remembers after so many tries that failed. Throws only what keeps everything
 * from being done: Misconfigured, or that the attempt had to end. */
export async function tryToPutAway({ id, rejection, tries }: KeptFolder, remove: () => Promise<void>, dataAfter: (tries: number) => unknown, { logger, signal }: Pick<ConnectorContext, 'logger' | 'signal'>): Promise<Tracking> {
  try {
    await remove();
  } catch (error) {
    if (!isFailure(error) || error.kind === 'misconfigured' || signal.aborted) throw error;
    const failed = tries + 1;
    const isLeft = rejection !== null || failed >= MOST_TRIES;
    logger.warn(`A folder that is kept here could not be put away over there${isLeft ? '; it is left there' : ''}`, { folder: id, reason: error.message, tries: failed });
    if (!isLeft) return { state: 'pending', note: `What it gave is kept, but it could not be put away over there: ${error.message}`, data: dataAfter(failed), pollAfterMs: AGAIN_MS };
  }
  return endOf(rejection);
}

/** How a circuit ended, where its results are on the item already. */
export function endOf(rejection: string | null): Tracking & { readonly state: 'done' | 'rejected' } {
  return rejection === null ? { state: 'done' } : { state: 'rejected', reason: rejection };
}
