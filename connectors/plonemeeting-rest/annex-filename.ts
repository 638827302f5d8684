import type { Annex } from '../../src/domain/item.js';
import { usualExtension } from '../../src/domain/media-types.js';
import { hasExtension } from '../../src/domain/safe-filename.js';

/** The name of an annex as PloneMeeting gets it: with the ending of its media type where it has none, because types of annexes go by the ending there. */
export function filenameOf({ filename, id, mediaType }: Pick<Annex, 'filename' | 'id' | 'mediaType'>): string {
  const name = filename === '' ? id : filename;
  if (hasExtension(name)) return name;
  const extension = usualExtension(mediaType);
  return `${name === '' ? 'annexe' : name}${extension === undefined ? '' : `.${extension}`}`;
}
