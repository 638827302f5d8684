import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Submission } from '../../src/connector-api/connector.js';
import { itemPlace, MANIFEST, manifestKey, pathElement } from '../../src/formats/item-files.js';
import type { FolderSettings } from './config.js';
import { codeOf } from './file-failure.js';

/** Where one submission goes. */
export interface Place {
  readonly root: string;
  readonly parent: string;
  /** The item's folder. */
  readonly target: string;
  /** Holds the drafts of this key, on the same file system as `target`. */
  readonly drafts: string;
  readonly reference: string;
}

/** Made of the submission alone, so that every attempt and every probe looks in the same place. */
export function placeOf({ item, key }: Submission, settings: FolderSettings): Place {
  const root = path.resolve(settings.path);
  const parts = itemPlace(item);
  const target = path.join(root, ...parts);
  return { root, parent: path.dirname(target), target, drafts: path.join(root, '.drafts', pathElement(key)), reference: parts.join('/') };
}

/** Who wrote the item's folder: a delivery by its key, `stranger` when no manifest tells, `nobody` when there is none. */
export async function writerOf(place: Place): Promise<{ readonly key: string } | 'stranger' | 'nobody'> {
  await stat(place.root);
  try {
    await stat(place.target);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'nobody';
    throw error;
  }
  try {
    const key = manifestKey(await readFile(path.join(place.target, MANIFEST), 'utf8'));
    return key === null ? 'stranger' : { key };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return 'stranger';
    throw error;
  }
}

/** Paths of the drafts of this key. */
export async function draftsOf(place: Place): Promise<string[]> {
  try {
    return (await readdir(place.drafts)).map((name) => path.join(place.drafts, name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
