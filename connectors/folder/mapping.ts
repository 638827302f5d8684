import type { Annex, Item } from '../../src/domain/item.js';

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
}

export interface ItemManifest {
  readonly format: 'relais-folder-1';
  /** The delivery that wrote the folder. */
  readonly key: string;
  readonly writtenAt: string;
  readonly files: readonly ListedFile[];
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

/** The content of item.json: the item's fields, with dates in ISO 8601 and each annex with the path of its file. */
export function itemDocument(item: Item): Record<string, unknown> {
  return {
    ...item,
    createdAt: new Date(item.createdAt).toISOString(),
    modifiedAt: new Date(item.modifiedAt).toISOString(),
    annexes: item.annexes.map((annex, index) => ({ ...annex, path: annexPath(annex, index) })),
  };
}
