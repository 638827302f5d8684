import type { FoundFile } from './find-files.js';
import { MANIFEST_ENDING, type Manifest, type ManifestFile } from '../manifest.js';

/** What becomes one item: a file, or the files of a manifest. */
export interface FileGroup {
  /** By what people know it: the file, or the manifest. */
  readonly name: string;
  readonly files: readonly ManifestFile[];
  readonly manifest: { readonly name: string; readonly said: Manifest } | null;
  /** Files that say nothing themselves and go where the others go. */
  readonly beside: readonly string[];
}

/** A manifest that cannot be used; `beside` are the files that it is about, as far as that is known. */
export interface BrokenGroup {
  readonly name: string;
  readonly mistake: string;
  readonly beside: readonly string[];
}

export interface Groups {
  readonly ready: readonly FileGroup[];
  readonly broken: readonly BrokenGroup[];
  /** Manifests whose files are not all there, with the names of those that miss and of those that came. */
  readonly waiting: ReadonlyMap<string, { readonly missing: readonly string[]; readonly present: readonly string[] }>;
}

export interface Grouping {
  readonly found: readonly FoundFile[];
  /** Names of those that have stopped changing. */
  readonly quiet: ReadonlySet<string>;
  /** What the manifests say, by their name. */
  readonly manifests: ReadonlyMap<string, Manifest | { readonly mistake: string }>;
  readonly marker: string | null;
}

export function isManifest(name: string): boolean {
  return name.toLowerCase().endsWith(MANIFEST_ENDING) && name.length > MANIFEST_ENDING.length;
}

/** The file that a manifest is about where it names none: `flux.xml` for `flux.xml.manifest.json`. */
export function onlyFileOf(manifest: string): string {
  return manifest.slice(0, -MANIFEST_ENDING.length);
}

/** Sorts what was found into what is ready, what waits, and what cannot be used. A file that a manifest names is never taken alone,
 * be the manifest itself complete or not. */
export function groupFiles(grouping: Grouping): Groups {
  const { found, quiet, manifests, marker } = grouping;
  const names = new Set(found.map(({ name }) => name));
  const claimed = new Set<string>();
  const groups: Filling = { ready: [], broken: [], waiting: new Map() };
  for (const [name, said] of manifests) {
    const named = 'mistake' in said ? [{ name: onlyFileOf(name) }] : said.files;
    const own = named.filter((file) => !claimed.has(file.name));
    for (const file of own) claimed.add(file.name);
    if (quiet.has(name)) sortManifest(name, said, own.map((file) => file.name).filter((file) => names.has(file)), { ...grouping, names }, groups);
  }
  for (const { name } of found) {
    if (!quiet.has(name) || claimed.has(name) || isManifest(name) || isMarker(name, marker)) continue;
    if (marker === null || names.has(name + marker)) groups.ready.push({ name, files: [{ name }], manifest: null, beside: markersOf([name], marker, names) });
  }
  return groups;
}

interface Filling {
  readonly ready: FileGroup[];
  readonly broken: BrokenGroup[];
  readonly waiting: Map<string, { readonly missing: readonly string[]; readonly present: readonly string[] }>;
}

/** `present`: those of its files that are there and that no manifest before it named. */
function sortManifest(name: string, said: Manifest | { readonly mistake: string }, present: readonly string[], { quiet, marker, names }: Grouping & { readonly names: ReadonlySet<string> }, { ready, broken, waiting }: Filling): void {
  if ('mistake' in said) { broken.push({ name, mistake: said.mistake, beside: present }); return; }
  const missing = said.files.map((file) => file.name).filter((file) => !present.includes(file));
  if (missing.length > 0) waiting.set(name, { missing, present });
  else if (present.every((file) => quiet.has(file))) ready.push({ name, files: said.files, manifest: { name, said }, beside: markersOf(present, marker, names) });
}

function isMarker(name: string, marker: string | null): boolean {
  return marker !== null && name.endsWith(marker);
}

function markersOf(files: readonly string[], marker: string | null, names: ReadonlySet<string>): string[] {
  return marker === null ? [] : files.map((file) => file + marker).filter((name) => names.has(name));
}
