import fs from 'node:fs';
import path from 'node:path';
import type { Report } from './check-names.js';
import { describeValue } from './explain-issue.js';
import { selectTexts } from './select.js';

/** Reports every file that the data names at one of the patterns and that is not there. Files are relative to `folder`. */
export function checkFiles(data: unknown, patterns: readonly string[], folder: string, report: Report): void {
  for (const pattern of patterns) {
    for (const { path: place, value } of selectTexts(data, pattern)) {
      const file = path.resolve(folder, value);
      const found = fs.statSync(file, { throwIfNoEntry: false });
      if (found?.isFile() !== true) report(place, `found ${describeValue(value)}, which is not there, expected a file`);
    }
  }
}
