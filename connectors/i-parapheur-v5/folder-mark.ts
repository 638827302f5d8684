import { createHash } from 'node:crypto';
import type { Submission } from '../../src/connector-api/connector.js';
import type { V5Settings } from './config.js';

/** How a folder of ours is recognised: i-Parapheur has no key of the caller (contracts/iparapheur.md §3.4), so that we write one into it. */
export interface FolderMark {
  /** Title as it is sent. */
  readonly title: string;
  /** Metadata as it is sent, the mark included where it stands there. */
  readonly metadata: Readonly<Record<string, string>>;
  /** True for a folder with this name and metadata; undefined where the name alone does not tell and no metadata was given. */
  isOn(folder: { readonly name: string; readonly metadata?: Readonly<Record<string, unknown>> | null | undefined }): boolean | undefined;
}

const LONGEST_TITLE = 255;
const MARK_LENGTH = 12;

/** The mark is made of the delivery's key, the same in all its attempts. */
export function folderMark({ key, item }: Pick<Submission, 'key' | 'item'>, folder: { readonly title: string; readonly metadata: Readonly<Record<string, string>> }, { keyMetadata }: Pick<V5Settings, 'keyMetadata'>): FolderMark {
  const mark = createHash('sha256').update(key).digest('hex').slice(0, MARK_LENGTH);
  if (keyMetadata === undefined) {
    const ending = ` [${mark}]`;
    const title = `${Array.from(folder.title).slice(0, LONGEST_TITLE - ending.length).join('').trimEnd()}${ending}`;
    return { title, metadata: folder.metadata, isOn: ({ name }) => name.trimEnd().endsWith(ending.trimStart()) };
  }
  const value = `${item.uid}/${mark}`;
  return {
    title: folder.title,
    metadata: { ...folder.metadata, [keyMetadata]: value },
    isOn: ({ name, metadata }) => (metadata?.[keyMetadata] === undefined ? (name === folder.title ? undefined : false) : metadata[keyMetadata] === value),
  };
}
