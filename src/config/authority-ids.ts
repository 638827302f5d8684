import fs from 'node:fs';
import path from 'node:path';
import { authorityIdText } from './authority-schema.js';
import { valueAt } from './explain-issue.js';
import { readYaml } from './yaml-file.js';

/** Ids of the authorities of a configuration, the one of the main file first. It asks no more of the files than that, so
 * that somebody who looks for an item needs neither the secrets nor a configuration without mistakes; empty when nothing
 * can be read. */
export function authorityIds(file: string): string[] {
  return [...mainAuthority(file), ...furtherAuthorities(path.join(path.dirname(file), 'authorities'))];
}

function mainAuthority(file: string): string[] {
  const text = orNothing(() => fs.readFileSync(file, 'utf8'));
  const section = text === undefined ? undefined : valueAt(readYaml(file, text).value, ['authority']);
  if (section === undefined) return [];
  const id = valueAt(section, ['id']);
  return [typeof id === 'string' ? id : 'default'];
}

function furtherAuthorities(folder: string): string[] {
  const names = orNothing(() => fs.readdirSync(folder)) ?? [];
  return names.filter((name) => name.endsWith('.yaml')).map((name) => path.basename(name, '.yaml')).filter((id) => authorityIdText.safeParse(id).success).toSorted();
}

function orNothing<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
