import type { Report } from './check-names.js';
import { expectedOneOf } from './closest-word.js';
import type { Path } from './yaml-file.js';

/** What a look at an expression or a mapping found. */
export interface Finding {
  readonly message: string;
  readonly suggestions?: { readonly written: string; readonly known: readonly string[] };
  readonly offset?: number;
}

/** Reports a finding at a path, or at the character of the text there. */
export function reportFinding({ message, suggestions, offset }: Finding, path: Path, report: Report, spot: 'key' | 'value' = 'value'): void {
  const full = suggestions === undefined ? message : `${message}, ${expectedOneOf(suggestions.written, suggestions.known)}`;
  report(path, full, offset === undefined ? spot : { offset });
}
