/** Whether a folder that is not found over there is given up (contracts/iparapheur.md §2.3: unknown twice, a day apart, because a
 * search of some versions misses folders that are there). `since`: when it was first missed, epoch milliseconds. */
export function missingFolder(since: number | undefined, now: number, lostAfterMs: number): { readonly since: number; readonly lost: boolean } {
  return since === undefined ? { since: now, lost: false } : { since, lost: now - since >= lostAfterMs };
}
