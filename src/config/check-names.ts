import { expectedOneOf } from './closest-word.js';
import { describeValue } from './explain-issue.js';
import { selectTexts } from './select.js';
import type { Path, Spot } from './yaml-file.js';

/** Notes a mistake at a path of the data that is checked. */
export type Report = (path: Path, message: string, spot?: Spot) => void;

/** Reports every text that a pattern names and that is not among the known names. */
export function refer(data: unknown, pattern: string, what: string, known: readonly string[], report: Report, base: Path = []): void {
  for (const { path, value } of selectTexts(data, pattern, base)) {
    if (!known.includes(value)) report(path, `found the unknown ${what} ${describeValue(value)}, ${expectedOneOf(value, known)}`);
  }
}

/** Reports every text that occurred before. */
export function reportRepeated(found: readonly { readonly path: Path; readonly value: string }[], report: Report): void {
  const seen = new Set<string>();
  for (const { path, value } of found) {
    if (seen.has(value)) report(path, `found ${describeValue(value)} a second time, expected another one`);
    seen.add(value);
  }
}

/** The texts that a pattern names, wherever they stand. */
export function texts(data: unknown, pattern: string): string[] {
  return selectTexts(data, pattern).map(({ value }) => value);
}
