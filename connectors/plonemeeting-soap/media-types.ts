/** What names of files in a council usually stand for: the service tells no media type. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf', txt: 'text/plain', csv: 'text/csv', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', tif: 'image/tiff', tiff: 'image/tiff', xml: 'application/xml', html: 'text/html',
  doc: 'application/msword', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', odt: 'application/vnd.oasis.opendocument.text',
  xls: 'application/vnd.ms-excel', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ods: 'application/vnd.oasis.opendocument.spreadsheet', zip: 'application/zip', eml: 'message/rfc822',
};

export function mediaTypeOf(filename: string): string {
  return MEDIA_TYPES[/\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

/** Ending of a name for a file of that type. */
export function extensionOf(mediaType: string): string {
  return Object.entries(MEDIA_TYPES).find(([, type]) => type === mediaType.toLowerCase())?.[0] ?? 'bin';
}
