import { momentWords } from './circuit-fields.js';

/** Whether a folder that is not found over there is given up (contracts/iparapheur.md §2.3: unknown twice, a day apart, because a
 * search of some versions misses folders that are there). `since`: when it was first missed, epoch milliseconds; none: it
 * was there the last time. */
export function missingFolder(since: number | null | undefined, now: number, lostAfterMs: number): { readonly since: number; readonly lost: boolean } {
  return since === null || since === undefined ? { since: now, lost: false } : { since, lost: now - since >= lostAfterMs };
}

/** When it is given up unless it shows up again, in words. */
export function givenUp(since: number, lostAfterMs: number): string {
  return `it is looked for again, and given up on ${momentWords(new Date(since + lostAfterMs).toISOString())}`;
}
