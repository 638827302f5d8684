import fs from 'node:fs/promises';
import path from 'node:path';
import type { ConfigurationReader } from './configuration-reader.js';
import { describeValue } from './explain-issue.js';
import { lengthenTables } from './lengthen-tables.js';
import type { Problem } from './problem.js';
import { entryOf, isMap, problemAt, sourcedFile, withoutKeys, type Sourced } from './sourced.js';

/** Where a section names its parts, and what it names. */
interface Mention {
  readonly place: Sourced;
  readonly target: string;
}

interface Reading {
  readonly reader: ConfigurationReader;
  readonly add: (problem: Problem) => void;
  /** Parts that are layers already: one that is named twice counts where it is named first. */
  readonly seen: Set<string>;
}

/** The layers of an authority's section, the lowest first: the parts that it extends, theirs before them, then the section
 * itself. Undefined when a part cannot be had, which has been reported. */
export async function readLayers(section: Sourced, reader: ConfigurationReader, add: (problem: Problem) => void): Promise<Sourced[] | undefined> {
  return await collect(section, [path.resolve(section.place.yaml.file)], { reader, add, seen: new Set() });
}

/** `way`: the files that led here. */
async function collect(section: Sourced, way: readonly string[], reading: Reading): Promise<Sourced[] | undefined> {
  const mentions = mentionsOf(section, reading.add);
  if (mentions === undefined) return undefined;
  const layers: Sourced[] = [];
  for (const mention of mentions) {
    const parts = await partsOf(mention, way, reading);
    if (parts === undefined) return undefined;
    layers.push(...parts);
  }
  return [...layers, lengthenTables(withoutKeys(section, ['extends']))];
}

async function partsOf(mention: Mention, way: readonly string[], reading: Reading): Promise<Sourced[] | undefined> {
  const files = await filesOf(mention, reading);
  if (files === undefined) return undefined;
  const layers: Sourced[] = [];
  for (const file of files) {
    const place = path.resolve(file);
    if (way.includes(place)) {
      const circle = [...way.slice(way.indexOf(place)), place].map((one) => path.basename(one)).join(' → ');
      refuse(mention, `which leads back to itself (${circle}), expected parts that go one way`, reading);
      return undefined;
    }
    if (reading.seen.has(place)) continue;
    reading.seen.add(place);
    const part = await readPart(file, reading);
    const below = part === undefined ? undefined : await collect(part, [...way, place], reading);
    if (below === undefined) return undefined;
    layers.push(...below);
  }
  return layers;
}

async function readPart(file: string, { reader, add }: Reading): Promise<Sourced | undefined> {
  const yaml = await reader.read(file);
  if (yaml === undefined) return undefined;
  const part = sourcedFile(yaml);
  // All lines of a part may be commented out.
  if (part.value === null || part.value === undefined) return { ...part, value: {} };
  if (isMap(part.value)) return part;
  add(yaml.problemAt([], `found ${describeValue(part.value)}, expected a map of keys, as under \`authority:\``));
  return undefined;
}

async function filesOf(mention: Mention, reading: Reading): Promise<string[] | undefined> {
  const found = await fs.stat(mention.target).catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? '');
  if (found === 'ENOENT') {
    reading.reader.miss(mention.target);
    refuse(mention, 'which is not there, expected a file or a folder', reading);
    return undefined;
  }
  return typeof found !== 'string' && found.isDirectory() ? await reading.reader.list(mention.target) : [mention.target];
}

function refuse({ place, target }: Mention, problem: string, { add }: Reading): void {
  const written = describeValue(place.value);
  add(problemAt(place.place, [], `found ${written}${path.isAbsolute(String(place.value)) ? '' : ` (${path.resolve(target)})`}, ${problem}`));
}

/** Parts are relative to the file that names them. */
function mentionsOf(section: Sourced, add: (problem: Problem) => void): Mention[] | undefined {
  const list = entryOf(section, 'extends');
  if (list.value === undefined) return [];
  const named = Array.isArray(list.value) ? list.value.map((_, index) => entryOf(list, index)) : [list];
  const wrong = named.filter(({ value }) => typeof value !== 'string' || value === '');
  for (const { place, value } of wrong) add(problemAt(place, [], `found ${describeValue(value)}, expected the name of a file or a folder`));
  if (wrong.length > 0) return undefined;
  const folder = path.dirname(section.place.yaml.file);
  return named.map((place) => ({ place, target: path.isAbsolute(String(place.value)) ? String(place.value) : path.join(folder, String(place.value)) }));
}
