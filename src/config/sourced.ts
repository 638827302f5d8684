import type { Problem } from './problem.js';
import type { Path, Spot, YamlFile } from './yaml-file.js';

/** Where a value stands: a file and the path in it. What is inside the value stands below that path, but for the entries
 * of `elsewhere`, which came from another place. */
export interface Place {
  readonly yaml: YamlFile;
  readonly path: Path;
  readonly elsewhere: ReadonlyMap<string | number, Place>;
}

/** Plain data that may come from several files, with the place of everything in it. */
export interface Sourced {
  readonly value: unknown;
  readonly place: Place;
}

const NOTHING_ELSEWHERE: ReadonlyMap<string | number, Place> = new Map();

/** All that a file holds. */
export function sourcedFile(yaml: YamlFile): Sourced {
  return { value: yaml.value, place: { yaml, path: [], elsewhere: NOTHING_ELSEWHERE } };
}

/** An entry of a map or a list; its value is undefined when there is none. */
export function entryOf({ value, place }: Sourced, key: string | number): Sourced {
  const found = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
  return { value: found, place: place.elsewhere.get(key) ?? { yaml: place.yaml, path: [...place.path, key], elsewhere: NOTHING_ELSEWHERE } };
}

/** The file in which the value at a path stands, and its path there. */
export function placeAt(place: Place, path: Path): { readonly yaml: YamlFile; readonly path: Path } {
  let at = place;
  for (const [index, part] of path.entries()) {
    const next = at.elsewhere.get(part);
    if (next === undefined) return { yaml: at.yaml, path: [...at.path, ...path.slice(index)] };
    at = next;
  }
  return at;
}

/** A problem at the place where the value at a path stands. */
export function problemAt(place: Place, path: Path, message: string, spot?: Spot): Problem {
  const at = placeAt(place, path);
  return at.yaml.problemAt(at.path, message, spot);
}

/** A map of entries that keep their places; it stands where `place` says. */
export function sourcedMap(entries: ReadonlyMap<string, Sourced>, place: Place): Sourced {
  return {
    value: Object.fromEntries([...entries].map(([key, entry]) => [key, entry.value])),
    place: { ...place, elsewhere: new Map([...entries].map(([key, entry]) => [key, entry.place])) },
  };
}

/** The map without some of its keys. */
export function withoutKeys(map: Sourced, keys: readonly string[]): Sourced {
  if (!isMap(map.value) || !keys.some((key) => Object.hasOwn(map.value as object, key))) return map;
  const kept = Object.keys(map.value).filter((key) => !keys.includes(key));
  return sourcedMap(new Map(kept.map((key) => [key, entryOf(map, key)])), map.place);
}

/** A list of entries that keep their places; it stands where `place` says. */
export function sourcedList(entries: readonly Sourced[], place: Place): Sourced {
  return { value: entries.map((entry) => entry.value), place: { ...place, elsewhere: new Map(entries.map((entry, index) => [index, entry.place])) } };
}

/** A map of keys, as YAML gives it. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
