import { isDeepStrictEqual } from 'node:util';
import { valueAt } from './explain-issue.js';
import { isMap } from './sourced.js';
import type { Path } from './yaml-file.js';

/** One value of a section: as it is written, with references resolved, and as the schema understands it, with defaults. */
export interface ReadValue {
  readonly written: unknown;
  readonly data: unknown;
  readonly entry: unknown;
}

/** `secret`: the text is the same, but what its reference leads to is not. `order`: the same entries stand otherwise. */
export interface Change {
  /** Entries of a list are named by their id, or their position. */
  readonly path: Path;
  readonly kind: 'added' | 'removed' | 'changed' | 'secret' | 'order';
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two readings of a section, value by value; what means the same is not a difference. */
export function compareValues(before: ReadValue, after: ReadValue, path: Path = []): Change[] {
  if (isDeepStrictEqual(before.written, after.written) && isDeepStrictEqual(before.data, after.data)) return [];
  if (areMaps(before, after)) return compareMaps(before, after, Object.keys({ ...before.written as object, ...after.written as object }), path);
  if (holdsMaps(before.written) && holdsMaps(after.written)) return compareLists(before, after, path);
  if (before.entry !== undefined && isDeepStrictEqual(before.entry, after.entry)) return [];
  return [{ path, kind: kindOf(before.written, after.written), before: before.written, after: after.written }];
}

function kindOf(before: unknown, after: unknown): Change['kind'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return isDeepStrictEqual(before, after) ? 'secret' : 'changed';
}

function compareMaps(before: ReadValue, after: ReadValue, keys: readonly string[], path: Path): Change[] {
  return keys.flatMap((key) => compareValues(entryOf(before, key), entryOf(after, key), [...path, key]));
}

function compareLists(before: ReadValue, after: ReadValue, path: Path): Change[] {
  const [names, newNames] = [namesOf(before.written), namesOf(after.written)];
  const changes = [...new Set([...names, ...newNames])].flatMap((name) => compareValues(entryOf(before, names.indexOf(name)), entryOf(after, newNames.indexOf(name)), [...path, name]));
  const kept = names.filter((name) => newNames.includes(name));
  const moved = !isDeepStrictEqual(kept, newNames.filter((name) => names.includes(name)));
  return moved ? [...changes, { path, kind: 'order', before: names, after: newNames }] : changes;
}

function entryOf({ written, data, entry }: ReadValue, key: string | number): ReadValue {
  return { written: valueAt(written, [key]), data: valueAt(data, [key]), entry: valueAt(entry, [key]) };
}

/** One that is not written is looked into as well, if it has defaults. */
function areMaps(before: ReadValue, after: ReadValue): boolean {
  if (isMap(before.written) && isMap(after.written)) return true;
  const isOne = (value: ReadValue): boolean => (value.written === undefined || isMap(value.written)) && isMap(value.entry);
  return isOne(before) && isOne(after);
}

function holdsMaps(value: unknown): boolean {
  return Array.isArray(value) && value.every(isMap);
}

/** By their id, or their position. */
function namesOf(list: unknown): (string | number)[] {
  return Array.isArray(list) ? list.map((entry, index) => (isMap(entry) && typeof entry.id === 'string' ? entry.id : index)) : [];
}
