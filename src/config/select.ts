import type { Path } from './yaml-file.js';

export interface Selected {
  readonly path: Path;
  readonly value: unknown;
}

/** Every value of plain data that a pattern such as `organisations.*.members.*.*` names, whatever else the data holds.
 * `*` is each entry of a list or of a map, or a single value given in place of a list. */
export function select(data: unknown, pattern: string, base: Path = []): Selected[] {
  let found: Selected[] = [{ path: base, value: data }];
  for (const part of pattern === '' ? [] : pattern.split('.')) found = found.flatMap((one) => step(one, part));
  return found;
}

/** The texts among them. */
export function selectTexts(data: unknown, pattern: string, base: Path = []): { readonly path: Path; readonly value: string }[] {
  return select(data, pattern, base).filter((one): one is { path: Path; value: string } => typeof one.value === 'string');
}

function step({ path, value }: Selected, part: string): Selected[] {
  if (part !== '*') {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, part)) return [];
    return [{ path: [...path, part], value: (value as Record<string, unknown>)[part] }];
  }
  if (Array.isArray(value)) return value.map((entry: unknown, index) => ({ path: [...path, index], value: entry }));
  if (typeof value === 'object' && value !== null) return Object.entries(value).map(([key, entry]) => ({ path: [...path, key], value: entry as unknown }));
  return typeof value === 'string' ? [{ path, value }] : [];
}
