import fs from 'node:fs';
import { readYaml } from './yaml-file.js';

/** What the main file of a configuration holds, unchecked; undefined when it cannot be read. */
export function mainFileValue(file: string): unknown {
  try {
    return readYaml(file, fs.readFileSync(file, 'utf8')).value;
  } catch {
    return undefined;
  }
}
