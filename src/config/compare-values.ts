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
  /** Entries of a list are named by their id. */
  readonly path: Path;
  readonly kind: 'added' | 'removed' | 'changed' | 'secret' | 'order';
  readonly before: unknown;
  readonly after: unknown;
}

/** What differs between two readings of a section, value by value; what means the same is not a difference. */
export function compareValues(before: ReadValue, after: ReadValue, path: Path = []): Change[] {
  if (isDeepStrictEqual(before.written, after.written) && isDeepStrictEqual(before.data, after.data)) return [];
  if (isMap(before.written) && isMap(after.written)) return compareMaps(before, after, Object.keys({ ...before.written, ...after.written }), path);
  if (hasIds(before.written) && hasIds(after.written)) return compareLists(before, after, path);
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
  const [ids, newIds] = [idsOf(before.written), idsOf(after.written)];
  const changes = [...new Set([...ids, ...newIds])].flatMap((id) => compareValues(entryOf(before, ids.indexOf(id)), entryOf(after, newIds.indexOf(id)), [...path, id]));
  const kept = ids.filter((id) => newIds.includes(id));
  const moved = !isDeepStrictEqual(kept, newIds.filter((id) => ids.includes(id)));
  return moved ? [...changes, { path, kind: 'order', before: ids, after: newIds }] : changes;
}

function entryOf({ written, data, entry }: ReadValue, key: string | number): ReadValue {
  return { written: valueAt(written, [key]), data: valueAt(data, [key]), entry: valueAt(entry, [key]) };
}

function hasIds(value: unknown): boolean {
  return Array.isArray(value) && idsOf(value).length === value.length;
}

function idsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((entry) => (isMap(entry) && typeof entry.id === 'string' ? [entry.id] : [])) : [];
}
