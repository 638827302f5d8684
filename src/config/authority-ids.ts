import fs from 'node:fs';
import path from 'node:path';
import { authorityIdText } from './authority-schema.js';
import { valueAt } from './explain-issue.js';
import { mainFileValue } from './main-file-value.js';

/** Ids of the authorities of a configuration, the one of the main file first. It asks no more of the files than that, so
 * that somebody who looks for an item needs neither the secrets nor a configuration without mistakes; empty when nothing
 * can be read. */
export function authorityIds(file: string): string[] {
  return [...mainAuthority(file), ...furtherAuthorities(path.join(path.dirname(file), 'authorities'))];
}

function mainAuthority(file: string): string[] {
  const section = valueAt(mainFileValue(file), ['authority']);
  if (section === undefined) return [];
  const id = valueAt(section, ['id']);
  return [typeof id === 'string' ? id : 'default'];
}

function furtherAuthorities(folder: string): string[] {
  const names = namesIn(folder);
  return names.filter((name) => name.endsWith('.yaml')).map((name) => path.basename(name, '.yaml')).filter((id) => authorityIdText.safeParse(id).success).toSorted();
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}
