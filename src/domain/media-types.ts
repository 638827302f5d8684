/** Media types that the sniffer can name, with the extensions that files of that type carry; several where one type
 * stands for different things, none where a file of that type has no place among annexes (contracts/ws4pm.md §4.4). */
const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  'application/pdf': ['pdf'],
  'image/png': ['png'],
  'image/jpeg': ['jpg'],
  'image/gif': ['gif'],
  'image/tiff': ['tif'],
  'image/webp': ['webp'],
  'image/bmp': ['bmp'],
  'image/svg+xml': ['svg'],
  'image/heic': ['heic'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': ['docx'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': ['xlsx'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': ['pptx'],
  'application/vnd.oasis.opendocument.text': ['odt'],
  'application/vnd.oasis.opendocument.text-template': ['ott'],
  'application/vnd.oasis.opendocument.spreadsheet': ['ods'],
  'application/vnd.oasis.opendocument.presentation': ['odp'],
  'application/vnd.oasis.opendocument.graphics': ['odg'],
  'application/epub+zip': ['epub'],
  'application/msword': ['doc'],
  'application/vnd.ms-excel': ['xls'],
  'application/vnd.ms-powerpoint': ['ppt'],
  'application/vnd.ms-outlook': ['msg'],
  'application/x-ole-storage': ['doc', 'xls', 'ppt', 'msg'],
  'application/rtf': ['rtf'],
  'application/postscript': ['ps'],
  'application/zip': ['zip'],
  'application/x-7z-compressed': ['7z'],
  'application/vnd.rar': ['rar'],
  'application/gzip': ['gz'],
  'application/xml': ['xml'],
  'text/html': ['html'],
  'text/plain': ['txt'],
  'message/rfc822': ['eml'],
  'audio/mpeg': ['mp3'],
  'audio/ogg': ['ogg'],
  'audio/wav': ['wav'],
  'video/mp4': ['mp4'],
  'video/quicktime': ['mov'],
  'application/octet-stream': ['bin', 'dat'],
  'application/x-dosexec': [],
  'application/x-executable': [],
};

/** Other spellings of an extension, and types that no content tells from a more general one. */
const MORE_EXTENSIONS: Readonly<Record<string, string>> = {
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  tiff: 'image/tiff',
  htm: 'text/html',
  text: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  md: 'text/markdown',
  ics: 'text/calendar',
  vcf: 'text/vcard',
  json: 'application/json',
  p7s: 'application/pkcs7-signature',
  p7m: 'application/pkcs7-mime',
  tsr: 'application/timestamp-reply',
  dwg: 'image/vnd.dwg',
  dxf: 'image/vnd.dxf',
  docm: 'application/vnd.ms-word.document.macroEnabled.12',
  xlsm: 'application/vnd.ms-excel.sheet.macroEnabled.12',
};

const TYPES: ReadonlyMap<string, string> = new Map([
  // `doc` and its like have a type of their own beside the general one, which therefore does not count here.
  ...Object.entries(EXTENSIONS).filter(([, extensions]) => extensions.length === 1).flatMap(([type, [extension = '']]) => [[extension, type] as const]),
  ...Object.entries(MORE_EXTENSIONS),
]);

const USUAL_EXTENSIONS: ReadonlyMap<string, string> = new Map([['text/xml', 'xml'], ...[...TYPES].toReversed().map(([extension, type]) => [type, extension] as const)]);

/** Extensions without a dot, the usual one first; empty if the type is not accepted under any name. */
export function extensionsOf(mediaType: string): readonly string[] {
  return EXTENSIONS[mediaType] ?? [];
}

/** Media type that the extension of a file name stands for; undefined if it is not known. */
export function mediaTypeOfName(filename: string): string | undefined {
  const dot = filename.lastIndexOf('.');
  return dot === -1 ? undefined : TYPES.get(filename.slice(dot + 1).toLowerCase());
}

/** The extension, without a dot, by which files of a type are usually named; undefined if the type is not known or says too little. */
export function usualExtension(mediaType: string): string | undefined {
  return USUAL_EXTENSIONS.get(mediaType.toLowerCase());
}

/** As `mediaTypeOfName`, and the type of whatever bytes where the name tells none. */
export function mediaTypeOf(filename: string): string {
  return mediaTypeOfName(filename) ?? 'application/octet-stream';
}
