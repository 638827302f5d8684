import type { z } from 'zod';
import type { Report } from './check-names.js';
import { explainIssue } from './explain-issue.js';
import type { Problem } from './problem.js';
import { resolveReferences, type ReferenceSources } from './resolve-references.js';
import { readYaml } from './yaml-file.js';

/** One file of the configuration, read, with its references resolved and its form checked. */
export interface Section<Entry> {
  /** What the file holds, with references as they are written; undefined when it is not YAML. */
  readonly written: unknown;
  /** The same with references resolved. */
  readonly data: unknown;
  /** The entry that the schema made of it; undefined when the form is wrong. */
  readonly entry: Entry | undefined;
  readonly report: Report;
}

/** Reads and checks one file; mistakes go to `problems`. */
export function readSection<Schema extends z.ZodType>(
  file: { readonly name: string; readonly text: string },
  schema: Schema,
  sources: Omit<ReferenceSources, 'report'>,
  problems: Problem[],
): Section<z.output<Schema>> {
  const yaml = readYaml(file.name, file.text);
  problems.push(...yaml.problems);
  const report: Report = (path, message, spot) => { problems.push(yaml.problemAt(path, message, spot)); };
  if (yaml.problems.length > 0) return { written: undefined, data: undefined, entry: undefined, report };
  const unresolved = new Set<string>();
  const data = resolveReferences(yaml.value, {
    ...sources, report: (path, message) => { unresolved.add(JSON.stringify(path)); report(path, message); },
  });
  const parsed = schema.safeParse(data);
  for (const issue of parsed.error?.issues ?? []) {
    for (const { path, message, spot } of explainIssue(issue, schema, yaml.value)) {
      // A reference that leads nowhere has been reported as such.
      if (!unresolved.has(JSON.stringify(path))) report(path, message, spot);
    }
  }
  return { written: yaml.value, data, entry: parsed.data, report };
}
