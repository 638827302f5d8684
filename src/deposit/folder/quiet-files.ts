import { samePrint } from './disk.js';
import type { FoundFile } from './find-files.js';

/** Knows which files have stopped changing. */
export interface QuietFiles {
  /** Takes what a look found, at a time in milliseconds that only grows; returns the names of those that were seen unchanged for the quiet time. A
   * first look never finds one quiet: the dates of a file say nothing about when its copy was made. */
  note(found: readonly FoundFile[], now: number): ReadonlySet<string>;
}

export function createQuietFiles(quietMs: number): QuietFiles {
  let known = new Map<string, { readonly file: FoundFile; readonly since: number }>();
  return {
    note(found, now) {
      const next = new Map<string, { readonly file: FoundFile; readonly since: number }>();
      for (const file of found) {
        const before = known.get(file.name);
        const isSame = before !== undefined && samePrint(before.file, file) && before.file.changed === file.changed;
        next.set(file.name, { file, since: isSame ? before.since : now });
      }
      known = next;
      return new Set([...next].filter(([, { since }]) => now - since >= quietMs).map(([name]) => name));
    },
  };
}
