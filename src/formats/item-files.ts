import { createHash } from 'node:crypto';
import type { Annex, Item } from '../domain/item.js';
import type { FieldValue } from '../domain/mapping.js';

export const MANIFEST = 'manifest.json';
export const ITEM = 'item.json';
export const ANNEXES = 'annexes';

/** Long names break on Windows shares; the number in front keeps shortened ones apart. */
const NAME_LENGTH = 100;

/** A file as the manifest lists it; `path` is relative to the item's folder, with `/`. Size in bytes. */
export interface ListedFile {
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** What a file that a step brought back is for. */
  readonly role?: string;
}

export interface ItemManifest {
  readonly format: 'relais-folder-1';
  /** The delivery that wrote the folder. */
  readonly key: string;
  readonly writtenAt: string;
  readonly files: readonly ListedFile[];
}

/** An item as a folder of files. */
export interface ItemFiles {
  /** Content of item.json. */
  readonly item: Buffer;
  /** Content of manifest.json; it lists all the others, so it is written last. */
  readonly manifest: Buffer;
  /** `path` is relative to the folder. */
  readonly annexes: readonly { readonly path: string; readonly annex: Annex }[];
}

/** What the folder of an item holds. `writtenAt` is epoch milliseconds; `fields` are the mapped ones, kept apart in
 * item.json, and absent from it when there are none. */
export function itemFiles({ item, key, fields = {} }: { readonly item: Item; readonly key: string; readonly fields?: Readonly<Record<string, FieldValue>> }, writtenAt: number): ItemFiles {
  const itemBytes = jsonBytes(itemDocument(item, fields));
  const annexes = item.annexes.map((annex, index) => ({ path: annexPath(annex, index), annex }));
  const manifest: ItemManifest = {
    format: 'relais-folder-1',
    key,
    writtenAt: new Date(writtenAt).toISOString(),
    files: [
      { path: ITEM, size: itemBytes.length, sha256: createHash('sha256').update(itemBytes).digest('hex') },
      ...annexes.map(({ path, annex: { size, sha256, role } }) => ({ path, size, sha256, ...(role === undefined ? {} : { role }) })),
    ],
  };
  return { item: itemBytes, manifest: jsonBytes(manifest), annexes };
}

/** The delivery that wrote a folder, from the text of its manifest.json; null when that is not one of ours. */
export function manifestKey(text: string): string | null {
  try {
    const manifest: unknown = JSON.parse(text);
    const key = typeof manifest === 'object' && manifest !== null && 'key' in manifest ? manifest.key : null;
    return typeof key === 'string' ? key : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Where the folder of an item is, below the place that the settings give: authority, meeting config, uid, each safe. */
export function itemPlace({ authority, configId, uid }: Item): readonly [string, string, string] {
  return [pathElement(authority), pathElement(configId), pathElement(uid)];
}

/** A name that is one path element on every file system and never hidden. Distinct texts stay distinct, because what is
 * not allowed is written as its code (`a/b` → `a%2Fb`). */
export function pathElement(text: string): string {
  const written = text.replace(/^\.|[^A-Za-z0-9._-]/gu, (character) => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''));
  return written === '' ? '%' : written;
}

/** `annexes/01-<annex id>`, shortened before the extension. `index` counts from 0. */
export function annexPath(annex: Annex, index: number): string {
  const name = pathElement(annex.id);
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length).slice(0, NAME_LENGTH - extension.length);
  return `${ANNEXES}/${String(index + 1).padStart(2, '0')}-${stem}${extension}`;
}

/** The item as JSON for another system: its fields, dates in ISO 8601, each annex with the path of its file. */
export function itemDocument(item: Item, fields: Readonly<Record<string, FieldValue>> = {}): Record<string, unknown> {
  return {
    ...item,
    createdAt: new Date(item.createdAt).toISOString(),
    modifiedAt: new Date(item.modifiedAt).toISOString(),
    annexes: item.annexes.map((annex, index) => ({ ...annex, path: annexPath(annex, index) })),
    ...(Object.keys(fields).length > 0 && { fields }),
  };
}

function jsonBytes(content: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}
