import type { Annex } from '../../src/domain/item.js';
import { hasExtension } from '../../src/domain/safe-filename.js';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/pdf': '.pdf', 'application/xml': '.xml', 'text/xml': '.xml', 'application/zip': '.zip', 'text/plain': '.txt', 'text/csv': '.csv', 'text/html': '.html', 'application/rtf': '.rtf',
  'image/jpeg': '.jpg', 'image/png': '.png', 'image/gif': '.gif', 'image/tiff': '.tif', 'message/rfc822': '.eml',
  'application/msword': '.doc', 'application/vnd.ms-excel': '.xls', 'application/vnd.ms-powerpoint': '.ppt',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': '.docx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': '.xlsx',
  'application/vnd.oasis.opendocument.text': '.odt', 'application/vnd.oasis.opendocument.spreadsheet': '.ods',
};

/** The name of an annex as PloneMeeting gets it: with the ending of its media type where it has none, because types of annexes go by the ending there. */
export function filenameOf({ filename, id, mediaType }: Pick<Annex, 'filename' | 'id' | 'mediaType'>): string {
  const name = filename === '' ? id : filename;
  return hasExtension(name) ? name : `${name === '' ? 'annexe' : name}${EXTENSIONS[mediaType.toLowerCase()] ?? ''}`;
}

/** Media type of a document by its format over there. */
export function mediaTypeOf(format: string): string {
  const wanted = `.${format.toLowerCase()}`;
  return Object.entries(EXTENSIONS).find(([, extension]) => extension === wanted)?.[0] ?? 'application/octet-stream';
}
