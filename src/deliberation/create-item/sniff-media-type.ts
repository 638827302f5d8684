/** What the first bytes of a file begin with, at an offset. Order matters where one signature contains another. */
const SIGNATURES: readonly (readonly [type: string, offset: number, bytes: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/tiff', 0, 'II*\0'],
  ['image/tiff', 0, 'MM\0*'],
  ['image/webp', 8, 'WEBP'],
  ['image/bmp', 0, 'BM'],
  ['image/heic', 4, 'ftypheic'],
  ['audio/wav', 8, 'WAVE'],
  ['audio/mpeg', 0, 'ID3'],
  ['audio/ogg', 0, 'OggS'],
  ['video/quicktime', 4, 'ftypqt'],
  ['video/mp4', 4, 'ftyp'],
  ['application/rtf', 0, '{\\rtf'],
  ['application/postscript', 0, '%!PS'],
  ['application/x-7z-compressed', 0, '7z\xbc\xaf\x27\x1c'],
  ['application/vnd.rar', 0, 'Rar!\x1a\x07'],
  ['application/gzip', 0, '\x1f\x8b'],
  ['application/x-executable', 0, '\x7fELF'],
];

/** Names of the first entries of an office file, and what they tell. */
const ZIP_FOLDERS = [
  ['word/', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
] as const;

/** Names in the directory of an OLE file, which is not always among the first bytes. */
const OLE_STREAMS = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
  ['__substg1.0_', 'application/vnd.ms-outlook'],
] as const;

/** Media type of a file by its first bytes (4 KiB are enough), whatever its name. What has no known signature is text if it
 * reads as text, else `application/octet-stream`. */
export function sniffMediaType(head: Buffer): string {
  const bytes = head.toString('latin1');
  if (bytes.startsWith('PK\x03\x04')) return zipType(bytes);
  if (bytes.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) return oleType(head);
  if (/^MZ[^]{56}/.test(bytes) && bytes.includes('\0')) return 'application/x-dosexec';
  // Some producers write bytes of their own before the signature, and readers accept that.
  if (bytes.slice(0, 1024).includes('%PDF-')) return 'application/pdf';
  const known = SIGNATURES.find(([, offset, signature]) => bytes.startsWith(signature, offset));
  if (known !== undefined && !isWordInText(known[2], head)) return known[0];
  return isText(head) ? textType(head) : 'application/octet-stream';
}

/** A few letters may just as well stand in a sentence; a true file of that type also holds control characters. */
function isWordInText(signature: string, head: Buffer): boolean {
  return /^\w+$/.test(signature) && isText(head);
}

/** OpenDocument files begin with an uncompressed entry `mimetype`. */
function zipType(bytes: string): string {
  const declared = /^mimetype(application\/(?:vnd\.oasis\.opendocument\.[a-z-]+|epub\+zip))/.exec(bytes.slice(30))?.[1];
  if (declared !== undefined) return declared;
  const entries = bytes.split('PK\x03\x04');
  // An entry's name stands 26 bytes after its signature.
  return ZIP_FOLDERS.find(([folder]) => entries.some((entry) => entry.startsWith(folder, 26)))?.[1] ?? 'application/zip';
}

function oleType(head: Buffer): string {
  return OLE_STREAMS.find(([name]) => head.includes(name, 0, 'utf16le'))?.[1] ?? 'application/x-ole-storage';
}

function isText(head: Buffer): boolean {
  if (/^(?:\xff\xfe|\xfe\xff)/.test(head.toString('latin1', 0, 2))) return true;
  return !head.some((byte) => byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b);
}

function textType(head: Buffer): string {
  const start = head.toString('utf8', 0, 1024).replace(/^\ufeff?\s*/, '').toLowerCase();
  if (/^(?:<!doctype html|<html|<head|<body)/.test(start)) return 'text/html';
  if (/^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)?<svg[\s>]/.test(start)) return 'image/svg+xml';
  if (start.startsWith('<?xml')) return 'application/xml';
  if (/^(?:received|return-path|delivered-to|from|to|date|subject|message-id|mime-version|x-[a-z-]+): [^\n]*\n(?:[ \t][^\n]*\n)*[a-z-]+: /.test(start)) return 'message/rfc822';
  return 'text/plain';
}
