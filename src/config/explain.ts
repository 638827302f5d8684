import { valueAt } from './explain-issue.js';
import type { ConfigurationSources } from './load-configuration.js';
import { shownValue } from './shown-value.js';
import { isMap, placeAt } from './sourced.js';
import type { Path } from './yaml-file.js';

/** Where a value of the configuration comes from. */
export interface Origin {
  /** Path in the authority: `connectors[0].settings.url`. */
  readonly path: string;
  /** As it is written, without secrets. */
  readonly value: string;
  readonly file: string;
  /** Count from 1. */
  readonly line: number;
  readonly column: number;
  /** True when it stands outside of the authority's own section: in the centre, or in a part. */
  readonly inherited: boolean;
}

type Explained = Pick<{ readonly sources: ConfigurationSources }, 'sources'>;

/** Where the value at a path of an authority comes from, such as `['flows', 'college', 'steps', 0, 'connector']`; an entry of
 * a list is named by its id or its position. Undefined when nothing stands there, so for what is a default. */
export function originOf(configuration: Explained, authority: string, path: Path): Origin | undefined {
  const found = configuration.sources.authorities.get(authority)?.written;
  const exact = found === undefined ? undefined : exactPath(found.value, path);
  if (found === undefined || exact === undefined) return undefined;
  const at = placeAt(found.place, exact);
  const { path: written, file, line, column } = at.yaml.problemAt(at.path, '');
  const isOwn = at.yaml === found.place.yaml && found.place.path.every((part, index) => at.path[index] === part);
  return { path: written, value: shownValue(exact, valueAt(found.value, exact)), file, line, column, inherited: !isOwn };
}

/** The origin of every single value at and below a path, in the order of the merged authority. */
export function originsBelow(configuration: Explained, authority: string, path: Path): Origin[] {
  const found = configuration.sources.authorities.get(authority)?.written.value;
  const exact = exactPath(found, path);
  return exact === undefined ? [] : leaves(valueAt(found, exact), exact).flatMap((leaf) => originOf(configuration, authority, leaf) ?? []);
}

function exactPath(data: unknown, path: Path): Path | undefined {
  const exact: (string | number)[] = [];
  for (const part of path) {
    const value = valueAt(data, exact);
    const index = Array.isArray(value) && typeof part === 'string' ? value.findIndex((entry) => isMap(entry) && entry.id === part) : -1;
    exact.push(index >= 0 ? index : part);
  }
  return valueAt(data, exact) === undefined ? undefined : exact;
}

function leaves(value: unknown, path: Path): Path[] {
  if (Array.isArray(value) && value.some((entry) => typeof entry === 'object')) return value.flatMap((entry, index) => leaves(entry, [...path, index]));
  if (isMap(value)) return Object.entries(value).flatMap(([key, entry]) => leaves(entry, [...path, key]));
  return [path];
}
