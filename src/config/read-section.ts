import path from 'node:path';
import type { z } from 'zod';
import type { Report } from './check-names.js';
import { explainIssue } from './explain-issue.js';
import { resolveReferences, type ReferenceSources } from './resolve-references.js';
import { placeAt, type Sourced } from './sourced.js';

/** One section of the configuration, with its references resolved and its form checked. */
export interface Section<Entry> {
  /** What the files hold, with references as they are written. */
  readonly written: Sourced;
  /** The same with references resolved. */
  readonly data: unknown;
  /** The entry that the schema made of it; undefined when the form is wrong. */
  readonly entry: Entry | undefined;
}

/** Checks one section; mistakes are reported. References to files are relative to the file in which they stand. */
export function readSection<Schema extends z.ZodType>(
  written: Sourced, schema: Schema, sources: Omit<ReferenceSources, 'report' | 'folderAt'>, report: Report,
): Section<z.output<Schema>> {
  const unresolved = new Set<string>();
  const data = resolveReferences(written.value, {
    ...sources,
    folderAt: (place) => path.resolve(path.dirname(placeAt(written.place, place).yaml.file)),
    report: (place, message) => { unresolved.add(JSON.stringify(place)); report(place, message); },
  });
  const parsed = schema.safeParse(data);
  for (const issue of parsed.error?.issues ?? []) {
    for (const { path: place, message, spot } of explainIssue(issue, schema, written.value)) {
      // A reference that leads nowhere has been reported as such.
      if (!unresolved.has(JSON.stringify(place))) report(place, message, spot);
    }
  }
  return { written, data, entry: parsed.data };
}
