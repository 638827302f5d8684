import { posix } from 'node:path';
import type { Submission } from '../../src/connector-api/connector.js';
import { itemPlace, MANIFEST, manifestKey, pathElement } from '../../src/formats/item-files.js';
import type { SftpSettings } from './config.js';
import { kindOf, namesIn, readText } from './remote-files.js';
import type { Session } from './session.js';

/** A manifest of ours, with thousands of annexes, stays below it. Bytes. */
const MANIFEST_LIMIT = 4 * 2 ** 20;

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
export function placeOf({ item, key }: Submission, settings: SftpSettings): Place {
  const root = rootOf(settings);
  const parts = itemPlace(item);
  const target = posix.join(root, ...parts);
  return { root, parent: posix.dirname(target), target, drafts: posix.join(root, '.drafts', pathElement(key)), reference: parts.join('/') };
}

/** The folder of the settings, without a slash at its end. */
export function rootOf({ path }: SftpSettings): string {
  const root = posix.normalize(path);
  return root.length > 1 && root.endsWith('/') ? root.slice(0, -1) : root;
}

/** Who wrote the item's folder: a delivery by its key, `stranger` when no manifest tells, `nobody` when there is none. */
export async function writerOf(session: Session, { target }: Place): Promise<{ readonly key: string } | 'stranger' | 'nobody'> {
  const kind = await kindOf(session, target);
  if (kind === 'nothing') return 'nobody';
  if (kind === 'other') return 'stranger';
  const key = manifestKey(await readText(session, posix.join(target, MANIFEST), MANIFEST_LIMIT) ?? '');
  return key === null ? 'stranger' : { key };
}

/** Paths of the drafts of this key. */
export async function draftsOf(session: Session, { drafts }: Place): Promise<string[]> {
  return (await namesIn(session, drafts)).map((name) => posix.join(drafts, name));
}
